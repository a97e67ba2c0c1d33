package main

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"ekinerja/roster"
)

type attendancePullCmd struct {
	config
	Serial  string `arg:"" help:"Serial number of the machine, as it was added."`
	Address string `required:"" help:"The machine's own address, such as http://192.168.1.201."`
	Key     int    `default:"0" help:"Its communication key (Comm Key)."`
	DryRun  bool   `help:"Show what would be new and stop."`
	Yes     bool   `short:"y" help:"Do not ask."`
}

// Run fetches, counts what is new, asks, and keeps it.
func (c attendancePullCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		p := punchImport{"pull", c.Serial, nil, gate{c.DryRun, c.Yes}}
		device, err := d.deviceOf(ctx, p)
		if err != nil {
			return err
		}
		file, err := pullPunches(ctx, &http.Client{Timeout: pullPatience}, pullFrom{c.Address, c.Key, device.Zone})
		if err != nil {
			return err
		}
		return d.keepPunches(ctx, device, file, p)
	})
}

const (
	// pullPatience is how long a machine may think; a full one takes minutes.
	pullPatience = 5 * time.Minute
	pullSize     = 64 << 20
)

// errPull: the machine did not answer as a Solution machine does.
var errPull = errors.New("the machine's answer is no list of punches")

type pullFrom struct {
	address string
	key     int
	zone    *time.Location
}

// soapRow is one record; the other elements of a row are not read.
type soapRow struct {
	PIN      string `xml:"PIN"`
	DateTime string `xml:"DateTime"`
}

// pullPunches asks a machine for all its records (GetAttLog of its web service).
func pullPunches(ctx context.Context, client *http.Client, from pullFrom) (f roster.PunchFile, err error) {
	body := fmt.Sprintf(`<GetAttLog><ArgComKey xsi:type="xsd:integer">%d</ArgComKey><Arg><PIN xsi:type="xsd:integer">All</PIN></Arg></GetAttLog>`, from.key)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(from.address, "/")+"/iWsService", strings.NewReader(body))
	if err != nil {
		return f, fmt.Errorf("ask the machine: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml")
	res, err := client.Do(req)
	if err != nil {
		return f, fmt.Errorf("ask the machine: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return f, fmt.Errorf("%w: status %d", errPull, res.StatusCode)
	}
	return readSOAP(io.LimitReader(res.Body, pullSize), from.zone)
}

// readSOAP reads the rows wherever they stand; the envelope differs by firmware.
func readSOAP(r io.Reader, zone *time.Location) (f roster.PunchFile, err error) {
	d := xml.NewDecoder(r)
	d.Strict = false // the machines do not declare their prefixes
	answered := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, fmt.Errorf("%w: %w", errPull, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		answered = answered || start.Name.Local == "GetAttLogResponse"
		if start.Name.Local != "Row" {
			continue
		}
		var row soapRow
		if err := d.DecodeElement(&row, &start); err != nil {
			return f, fmt.Errorf("%w: %w", errPull, err)
		}
		p, ok := roster.ParsePunch(row.PIN+"\t"+row.DateTime, zone)
		if !ok {
			f.Skipped++
			continue
		}
		f.Punches = append(f.Punches, p)
	}
	if !answered {
		return f, errPull
	}
	return f, nil
}
