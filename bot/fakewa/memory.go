package fakewa

import (
	"context"
	"maps"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// memory keeps a device's keys and sessions; what a simulated phone has no use
// for is left to the library's store of nothing.
type memory struct {
	store.NoopStore

	mu         sync.Mutex
	identities map[string][keySize]byte
	sessions   map[string][]byte
	prekeys    map[uint32]*keys.PreKey
	handedOut  uint32 // ids up to it were given to the server
	newest     uint32
	other      map[types.JID]types.JID // number to LID and back, without device
}

// Device is a fresh device in memory: a phone's, or of a client under test that
// needs no database.
func Device() *store.Device {
	const aes256 = 32
	m := &memory{
		identities: map[string][keySize]byte{}, sessions: map[string][]byte{},
		prekeys: map[uint32]*keys.PreKey{}, other: map[types.JID]types.JID{},
	}
	d := &store.Device{
		NoiseKey: keys.NewKeyPair(), IdentityKey: keys.NewKeyPair(), AdvSecretKey: chance(aes256),
		RegistrationID: 1 + uint32(chance(1)[0]), Container: m, LIDs: m, Initialized: true,
	}
	d.SignedPreKey = d.IdentityKey.CreateSignedPreKey(1)
	d.SetAllStores(m)
	return d
}

func (m *memory) PutIdentity(_ context.Context, addr string, key [32]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.identities[addr] = key
	return nil
}

func (m *memory) DeleteIdentity(_ context.Context, addr string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.identities, addr)
	return nil
}

func (m *memory) IsTrustedIdentity(_ context.Context, addr string, key [32]byte) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, ok := m.identities[addr]
	return !ok || known == key, nil
}

func (m *memory) GetSession(_ context.Context, addr string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[addr], nil
}

func (m *memory) HasSession(_ context.Context, addr string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[addr] != nil, nil
}

func (m *memory) GetManySessions(_ context.Context, addrs []string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[string][]byte, len(addrs))
	for _, a := range addrs {
		out[a] = m.sessions[a]
	}
	return out, nil
}

func (m *memory) PutSession(_ context.Context, addr string, session []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[addr] = session
	return nil
}

func (m *memory) PutManySessions(_ context.Context, sessions map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.sessions, sessions)
	return nil
}

func (m *memory) DeleteSession(_ context.Context, addr string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, addr)
	return nil
}

func (m *memory) fresh() *keys.PreKey {
	m.newest++
	k := keys.NewPreKey(m.newest)
	m.prekeys[m.newest] = k
	return k
}

func (m *memory) GenOnePreKey(context.Context) (*keys.PreKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fresh(), nil
}

func (m *memory) GetOrGenPreKeys(_ context.Context, count uint32) ([]*keys.PreKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]*keys.PreKey, 0, count)
	for id := m.handedOut + 1; id <= m.newest && uint32(len(out)) < count; id++ {
		if k := m.prekeys[id]; k != nil {
			out = append(out, k)
		}
	}
	for uint32(len(out)) < count {
		out = append(out, m.fresh())
	}
	return out, nil
}

func (m *memory) GetPreKey(_ context.Context, id uint32) (*keys.PreKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.prekeys[id], nil
}

func (m *memory) RemovePreKey(_ context.Context, id uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.prekeys, id)
	return nil
}

func (m *memory) MarkPreKeysAsUploaded(_ context.Context, upTo uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.handedOut = upTo
	return nil
}

func (m *memory) UploadedPreKeyCount(context.Context) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.prekeys {
		if id <= m.handedOut {
			n++
		}
	}
	return n, nil
}

func (m *memory) PutLIDMapping(_ context.Context, lid, pn types.JID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.other[lid.ToNonAD()], m.other[pn.ToNonAD()] = pn.ToNonAD(), lid.ToNonAD()
	return nil
}

func (m *memory) PutManyLIDMappings(ctx context.Context, all []store.LIDMapping) error {
	for _, one := range all {
		if err := m.PutLIDMapping(ctx, one.LID, one.PN); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) otherOf(j types.JID) types.JID {
	out := m.other[j.ToNonAD()]
	if !out.IsEmpty() {
		out.Device = j.Device
	}
	return out
}

func (m *memory) GetPNForLID(_ context.Context, lid types.JID) (types.JID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.otherOf(lid), nil
}

func (m *memory) GetLIDForPN(_ context.Context, pn types.JID) (types.JID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.otherOf(pn), nil
}

func (m *memory) GetManyLIDsForPNs(_ context.Context, pns []types.JID) (map[types.JID]types.JID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[types.JID]types.JID, len(pns))
	for _, pn := range pns {
		out[pn] = m.otherOf(pn)
	}
	return out, nil
}
