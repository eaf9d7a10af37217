# Builds the adapter into the folder $1, with Debian's copy of the library.
GO111MODULE=off GOPATH=/usr/share/gocode go build -o "$1/adapter" ./*.go
