package main

// Of Debian's package: the library has no releases.
const version = "0.0~git20180226.6de214d"
