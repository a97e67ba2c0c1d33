package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// Device is an attendance machine that may send.
type Device struct {
	ID     int64
	Serial string
	Name   string
	Zone   *time.Location // of its clock
	// Open: its serial number is all that proves it; the path has no secret.
	Open     bool
	Revoked  bool
	LastSeen time.Time // zero: never
	Stamp    string    // what it called its newest record
	Resend   bool      // it is to be asked for everything again
	Skew     roster.Skew

	hash []byte
}

// Admits reports whether a path's secret is the machine's, in constant time.
// A revoked one is never admitted.
func (d Device) Admits(secret string) bool {
	if d.Open {
		return !d.Revoked && secret == ""
	}
	return subtle.ConstantTimeCompare(d.hash, hashOf(secret)) == 1 && !d.Revoked
}

// ErrNoDevice: no machine of that serial number may send.
var ErrNoDevice = errors.New("no such machine")

// NewDevice is a machine to be added. Offset is its clock's distance from UTC.
type NewDevice struct {
	Serial, Name string
	Offset       time.Duration
	Open         bool
}

// AddDevice lets a machine send, and returns the secret of its path, which is shown
// only now; empty for an open one. One that is there already gets a new secret.
func (s *Store) AddDevice(ctx context.Context, now time.Time, d NewDevice) (token string, err error) {
	arg := db.PutDeviceParams{Serial: d.Serial, Name: d.Name, ZoneMinutes: int32(d.Offset / time.Minute), At: now}
	if !d.Open {
		token = secret()
		arg.SecretHash = hashOf(token)
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.PutDevice(ctx, arg); err != nil {
			return fmt.Errorf("add machine: %w", err)
		}
		return noteRoster(ctx, q, now, "device.add", map[string]any{"serial": d.Serial, "open": d.Open})
	})
	return token, err
}

// Devices are all machines, by serial number.
func (s *Store) Devices(ctx context.Context) ([]Device, error) {
	rows, err := s.q().Devices(ctx)
	if err != nil {
		return nil, fmt.Errorf("read machines: %w", err)
	}
	out := make([]Device, len(rows))
	for i, r := range rows {
		out[i] = Device{
			ID: r.ID, Serial: r.Serial, Name: r.Name, Zone: fixedZone(int(r.ZoneMinutes)), Open: r.SecretHash == nil,
			Revoked: r.RevokedAt != nil, Stamp: r.Stamp, Resend: r.Resend, hash: r.SecretHash,
			Skew: roster.Skew{Off: time.Duration(r.SkewSeconds) * time.Second, Late: int(r.SkewLate)},
		}
		if r.LastSeen != nil {
			out[i].LastSeen = *r.LastSeen
		}
	}
	return out, nil
}

func fixedZone(minutes int) *time.Location {
	const secondsAMinute = 60
	return time.FixedZone(fmt.Sprintf("UTC%+03d:%02d", minutes/60, max(minutes, -minutes)%60), minutes*secondsAMinute)
}

// Device is one machine by serial number; [ErrNoDevice] when there is none.
func (s *Store) Device(ctx context.Context, serial string) (Device, error) {
	all, err := s.Devices(ctx)
	if err != nil {
		return Device{}, err
	}
	for _, d := range all {
		if d.Serial == serial {
			return d, nil
		}
	}
	return Device{}, fmt.Errorf("find machine %q: %w", serial, ErrNoDevice)
}

// NewestPunches are the newest records of the machines, by id; zero for none.
func (s *Store) NewestPunches(ctx context.Context) (map[int64]time.Time, error) {
	rows, err := s.q().DevicePunches(ctx)
	if err != nil {
		return nil, fmt.Errorf("read newest punches: %w", err)
	}
	out := make(map[int64]time.Time, len(rows))
	for _, r := range rows {
		if r.Newest.Unix() > 0 {
			out[r.ID] = r.Newest
		}
	}
	return out, nil
}

// RevokeDevice ends a machine's right to send; what it sent stays. [ErrNoDevice]
// when it has none.
func (s *Store) RevokeDevice(ctx context.Context, now time.Time, serial string) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		n, err := q.RevokeDevice(ctx, &now, serial)
		switch {
		case err != nil:
			return fmt.Errorf("revoke machine: %w", err)
		case n == 0:
			return fmt.Errorf("revoke machine %q: %w", serial, ErrNoDevice)
		}
		return noteRoster(ctx, q, now, "device.revoke", map[string]any{"serial": serial})
	})
}

// ResendDevice lets a machine be asked for all its records at its next greeting.
func (s *Store) ResendDevice(ctx context.Context, serial string) error {
	n, err := s.q().ResendDevice(ctx, serial)
	switch {
	case err != nil:
		return fmt.Errorf("ask machine for everything: %w", err)
	case n == 0:
		return fmt.Errorf("ask machine %q for everything: %w", serial, ErrNoDevice)
	}
	return nil
}

// ResendTold notes that a machine was asked for everything.
func (s *Store) ResendTold(ctx context.Context, id int64) error {
	if err := s.q().ResendTold(ctx, id); err != nil {
		return fmt.Errorf("note machine's greeting: %w", err)
	}
	return nil
}

// SeeDevices notes when machines were last heard.
func (s *Store) SeeDevices(ctx context.Context, seen map[int64]time.Time) error {
	if len(seen) == 0 {
		return nil
	}
	var ids []int64
	var ats []time.Time
	for id, at := range seen {
		ids, ats = append(ids, id), append(ats, at)
	}
	if err := s.q().SeeDevices(ctx, ids, ats); err != nil {
		return fmt.Errorf("note machines: %w", err)
	}
	return nil
}
