module github.com/pion/logging

go 1.26.0
