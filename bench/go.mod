module pushcall/bench

go 1.26.0

require (
	github.com/SherClockHolmes/webpush-go v1.4.0
	github.com/golang-jwt/jwt/v5 v5.2.1
	pushcall v0.0.0
)

require (
	filippo.io/nistec v0.0.3 // indirect
	github.com/buger/jsonparser v1.6.1 // indirect
	golang.org/x/crypto v0.58.0 // indirect
)

replace pushcall => ../
