package store

import "github.com/google/go-cmp/cmp/cmpopts"

// sorted compares lists of words whatever their order.
var sorted = cmpopts.SortSlices(func(a, b string) bool { return a < b })
