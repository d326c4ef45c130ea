"""The same policy written with other means, to be measured beside ipcredit."""
