package fakewa

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"

	"google.golang.org/protobuf/proto"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/types"
)

// node is one stanza; attrs are its attributes.
type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

// conn is one client's connection: a stream of frames, and after the handshake
// a stream of encrypted stanzas.
type conn struct {
	stream net.Conn
	static []byte // the client's lasting key

	in, out cipher.AEAD
	read    uint32 // stanzas read; only the reading goroutine touches it

	writing sync.Mutex
	written uint32
	asked   int
	answers map[string]func(*node) // by the id of what we asked

	device *device  // who it is, nil while it is only being paired
	pair   *pairing // what is offered to it then
}

func newConn(stream net.Conn) *conn {
	return &conn{stream: stream, answers: map[string]func(*node){}}
}

func (c *conn) full(buf []byte) error {
	if _, err := io.ReadFull(c.stream, buf); err != nil {
		return fmt.Errorf("read from client: %w", err)
	}
	return nil
}

func (c *conn) readFrame() ([]byte, error) {
	var size [socket.FrameLengthSize]byte
	if err := c.full(size[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, int(size[0])<<16|int(size[1])<<8|int(size[2]))
	return frame, c.full(frame)
}

func (c *conn) writeFrame(data []byte) error {
	if len(data) >= socket.FrameMaxSize {
		return socket.ErrFrameTooLarge
	}
	frame := append([]byte{byte(len(data) >> 16), byte(len(data) >> 8), byte(len(data))}, data...)
	if _, err := c.stream.Write(frame); err != nil {
		return fmt.Errorf("write to client: %w", err)
	}
	return nil
}

func (c *conn) readProto(into proto.Message) error {
	frame, err := c.readFrame()
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(frame, into); err != nil {
		return fmt.Errorf("read handshake: %w", err)
	}
	return nil
}

func (c *conn) writeProto(m proto.Message) error {
	data, err := proto.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode handshake: %w", err)
	}
	return c.writeFrame(data)
}

var errEmpty = errors.New("empty frame")

// receive reads the next stanza.
func (c *conn) receive() (*node, error) {
	sealed, err := c.readFrame()
	if err != nil {
		return nil, err
	}
	plain, err := c.in.Open(nil, nonce(c.read), sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("open frame: %w", err)
	}
	c.read++
	if len(plain) == 0 {
		return nil, errEmpty
	}
	plain, err = waBinary.Unpack(plain)
	if err != nil {
		return nil, fmt.Errorf("unpack frame: %w", err)
	}
	n, err := waBinary.Unmarshal(plain)
	if err != nil {
		return nil, fmt.Errorf("read stanza: %w", err)
	}
	return n, nil
}

// send writes one stanza; safe for concurrent use.
func (c *conn) send(n node) error {
	plain, err := waBinary.Marshal(n)
	if err != nil {
		return fmt.Errorf("encode stanza: %w", err)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	sealed := c.out.Seal(nil, nonce(c.written), plain, nil)
	c.written++
	return c.writeFrame(sealed)
}

// ask sends a request of the server's own; done gets its answer.
func (c *conn) ask(done func(*node), content node) error {
	c.writing.Lock()
	c.asked++
	id := "srv-" + strconv.Itoa(c.asked)
	c.answers[id] = done
	c.writing.Unlock()
	return c.send(node{
		Tag: "iq", Content: []node{content},
		Attrs: attrs{"id": id, "type": "set", "from": types.ServerJID, "xmlns": "md"},
	})
}

// answered hands a result to whoever asked; false when nobody did.
func (c *conn) answered(n *node) bool {
	c.writing.Lock()
	done, ok := c.answers[text(n, "id")]
	delete(c.answers, text(n, "id"))
	c.writing.Unlock()
	if ok {
		done(n)
	}
	return ok
}

// answer gives a request its result.
func (c *conn) answer(iq *node, content ...node) error {
	out := node{Tag: "iq", Attrs: attrs{"id": iq.Attrs["id"], "type": "result", "from": types.ServerJID}}
	if len(content) > 0 {
		out.Content = content
	}
	return c.send(out)
}

// refuse gives a request an error.
func (c *conn) refuse(iq *node, code int, why string) error {
	return c.send(node{
		Tag: "iq", Attrs: attrs{"id": iq.Attrs["id"], "type": "error", "from": types.ServerJID},
		Content: []node{{Tag: "error", Attrs: attrs{"code": code, "text": why}}},
	})
}

func (c *conn) close() { _ = c.stream.Close() } // nobody is left to tell

// text is an attribute, "" when it is missing or no text.
func text(n *node, name string) string {
	s, _ := n.Attrs[name].(string)
	return s
}

// whom is an attribute that names an account or device, empty when it is missing.
func whom(n *node, name string) types.JID {
	j, _ := n.Attrs[name].(types.JID)
	return j
}

// data is the content of a child, nil when there is none.
func data(n *node, path ...string) []byte {
	child, _ := n.GetOptionalChildByTag(path...)
	switch v := child.Content.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	default:
		return nil
	}
}
