package store

import (
	"github.com/google/go-cmp/cmp/cmpopts"

	"ekinerja/bot"
	"ekinerja/conversations"
)

// What the rest of the program expects of this package.
var (
	_ bot.Inbox             = (*Inbox)(nil)
	_ bot.Outbox            = (*Outbox)(nil)
	_ conversations.Records = (*Records)(nil)
	_ Handler               = (*conversations.Handler)(nil)
)

// sorted compares lists of words whatever their order.
var sorted = cmpopts.SortSlices(func(a, b string) bool { return a < b })
