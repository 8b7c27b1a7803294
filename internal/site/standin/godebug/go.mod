module internal/godebug

go 1.26.0
