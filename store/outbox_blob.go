package store

import (
	"context"
	"encoding/hex"
	"time"

	"ekinerja/bot"
	"ekinerja/store/blobs"
)

// outMessage is a message as its row has it. Blob names a kept piece of evidence
// in hexadecimal digits: its bytes are read when the message goes out, so that a
// turn never waits for them and no row holds them a second time. Without is said
// instead when they cannot be had.
type outMessage struct {
	bot.MsgOut

	Blob    string `json:"blob,omitempty"`
	Without string `json:"without,omitempty"`
	// Awaits: the file was not here when the message was made. Blob is filled in when
	// it comes; a message that goes without one says Without.
	Awaits bool `json:"awaits,omitempty"`
}

// blobPatience bounds the reading of one file: the lease of the message runs on.
const blobPatience = 5 * time.Second

// whole is the message with the bytes of the file that it names. A file that
// cannot be had now must hold up nobody's message: then the words go alone.
func (o *Outbox) whole(ctx context.Context, m outMessage) bot.MsgOut {
	out := m.MsgOut
	if m.Blob == "" && !m.Awaits {
		return out
	}
	data := o.blob(ctx, m.Blob)
	switch {
	case data == nil:
		out.FileName, out.Text, out.Bold = "", m.Without, nil
	case out.FileName != "":
		out.File = data
	default:
		out.Photo = data
	}
	return out
}

// blob reads a file by its name, nil when that fails for whatever reason.
func (o *Outbox) blob(ctx context.Context, name string) []byte {
	var h blobs.Hash
	if n, err := hex.Decode(h[:], []byte(name)); err != nil || n != len(h) || o.Blobs == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, blobPatience)
	defer cancel()
	data, err := blobs.Read(ctx, o.Blobs, h)
	if err != nil {
		return nil
	}
	return data
}
