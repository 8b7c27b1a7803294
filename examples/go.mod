module examples

go 1.26.0

require pushcall v0.0.0

require (
	filippo.io/nistec v0.0.3 // indirect
	github.com/buger/jsonparser v1.6.1 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace pushcall => ../
