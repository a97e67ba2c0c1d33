// Package fakewa is a simulated WhatsApp: the server that linked devices connect
// to on one side, people with phones on the other. An unmodified whatsmeow client
// pairs with it, connects, and talks to the phones over loopback.
//
// It knows the wire (websocket frames, the Noise handshake, binary stanzas), the
// server's bookkeeping (prekeys, device lists, what is not acknowledged) and what
// every phone saw. Messages stay encrypted from device to device: only the phones
// can read them. It never knows employees, reports, or the bot that talks to it.
//
//	client ── websocket ─▶ Noise ─▶ stanza ─┬─ iq ──────▶ prekeys, devices, media host
//	                                        ├─ message ─▶ relay ─▶ Phone (decrypts, remembers)
//	                                        └─ receipt, ack ─▶ settles what was pushed
//	client ◀─ pushed stanzas, again after each connect until acknowledged ◀─ Phone
//
// # Order
//
// A message to a phone is decrypted before the sender hears that the server took
// it: when a send has returned, [Phone.Seen] holds it. The other way round
// [Server.Settled] waits until a client has acknowledged all that it was sent.
//
// # Stricter than WhatsApp
//
// What a careful client would never send (an unknown request, a message that
// leaves a device of the receiver out, a stanza to nobody) is kept in
// [Server.Violations], so that a test ends with "no violations".
//
// # What it cannot know
//
// Its stanzas are those that the library reads and writes, not a recording of
// the real server: it proves that adapter and library work together, and cannot
// notice that the real network changed. docs/operations.md says what to try with a real phone.
//
// # One key a process
//
// The library checks the server's certificate against one variable of its own.
// The first server of a process sets it to the simulation's authority, for good:
// such a process can no longer talk to the real network.
package fakewa
