package fakewa

import (
	"maps"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// usync answers questions about accounts: who is on WhatsApp, by which hidden id
// and on which devices.
func (s *Server) usync(asked node) node {
	query := asked.GetChildByTag("query")
	wants := map[string]bool{}
	for _, q := range query.GetChildren() {
		wants[q.Tag] = true
	}
	list := asked.GetChildByTag("list")
	var users []node
	for _, u := range list.GetChildren() {
		users = append(users, s.user(u, wants))
	}
	return node{Tag: "usync", Content: []node{{Tag: "list", Content: users}}}
}

func (s *Server) user(asked node, wants map[string]bool) node {
	j, number := whom(&asked, "jid"), ""
	if contact := data(&asked, "contact"); contact != nil {
		number = string(contact)
		user, _, _ := strings.Cut(strings.TrimPrefix(number, "+"), "@")
		j = types.NewJID(user, types.DefaultUserServer)
	}
	p := s.phoneOf(j)
	out := node{Tag: "user", Attrs: attrs{"jid": j}}
	var parts []node
	if number != "" {
		there := "out"
		if p != nil {
			there = "in"
			out.Attrs["jid"], out.Attrs["pn_jid"] = p.LID, p.PN
		}
		parts = append(parts, node{Tag: "contact", Attrs: attrs{"type": there}, Content: []byte(number)})
	}
	if p != nil && wants["lid"] {
		parts = append(parts, node{Tag: "lid", Attrs: attrs{"val": p.LID}})
	}
	if p != nil && wants["devices"] {
		parts = append(parts, node{Tag: "devices", Content: []node{{Tag: "device-list", Content: s.deviceList(p)}}})
	}
	out.Content = parts
	return out
}

func (s *Server) deviceList(p *Phone) []node {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []node
	for _, id := range slices.Sorted(maps.Keys(p.devices)) {
		out = append(out, node{Tag: "device", Attrs: attrs{"id": int(id)}})
	}
	return out
}
