package main

import (
	"context"
	"fmt"
	"os/user"

	"ekinerja/roster"
	"ekinerja/store"
)

// rosterRoleCmd works on who looks after what.
type rosterRoleCmd struct {
	Grant  roleGrantCmd  `cmd:"" help:"Give somebody a role; their chat is told."`
	Revoke roleRevokeCmd `cmd:"" help:"End a role; their chat is told."`
	List   roleListCmd   `cmd:"" help:"Show who holds which role."`
}

// roleOf are the words that name a role of a person.
type roleOf struct {
	Number string `arg:"" name:"nip" help:"NIP or staff number."`
	Role   string `arg:"" help:"opd_admin, hr, leader or operator." enum:"opd_admin,hr,leader,operator"`
	OPD    string `name:"opd" help:"Office that the role reaches; the whole city when left out."`
	Unit   string `help:"Unit of that office; all of it when left out."`
	By     string `help:"By whose word, for the record: a staff number or the number of a letter; the account at this machine when left out."`
}

type roleGrantCmd struct {
	config
	roleOf
	From  roster.Day `help:"First day (YYYY-MM-DD); today when left out."`
	Until roster.Day `help:"Last day; open when left out."`
}

// Run gives the role.
func (c roleGrantCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error { return d.grantRole(ctx, c) })
}

func (d desk) grantRole(ctx context.Context, c roleGrantCmd) error {
	o := c.order()
	if o.From, o.To = c.From, c.Until; o.From.IsZero() {
		o.From = d.today
	}
	switch {
	case o.Role == roster.OPDAdmin && o.OPD == "":
		return fmt.Errorf("%w: an opd_admin needs an office: --opd", errConfig)
	case o.Unit != "" && o.OPD == "":
		return fmt.Errorf("%w: --unit needs --opd", errConfig)
	case !o.To.IsZero() && o.To.Before(o.From):
		return fmt.Errorf("%w: the last day is before the first", errConfig)
	}
	if err := d.db.GrantRole(ctx, d.now, o); err != nil {
		return err
	}
	d.printf("from %s on %s is %s\n", o.From, roster.MaskNumber(o.Number), reach(o.Grant))
	return nil
}

type roleRevokeCmd struct {
	config
	roleOf
	From roster.Day `help:"First day without the role; today when left out."`
}

// Run ends the role.
func (c roleRevokeCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error { return d.revokeRole(ctx, c) })
}

func (d desk) revokeRole(ctx context.Context, c roleRevokeCmd) error {
	o := c.order()
	if o.From = c.From; o.From.IsZero() {
		o.From = d.today
	}
	if err := d.db.RevokeRole(ctx, d.now, o); err != nil {
		return err
	}
	d.printf("from %s on %s is no longer %s\n", o.From, roster.MaskNumber(o.Number), reach(o.Grant))
	return nil
}

func (r roleOf) order() store.RoleOrder {
	by := r.By
	if by == "" {
		by = "desk"
		if u, err := user.Current(); err == nil {
			by = "desk:" + u.Username
		}
	}
	return store.RoleOrder{Number: r.Number, Grant: roster.Grant{Role: roster.Role(r.Role), OPD: r.OPD, Unit: r.Unit}, By: by}
}

// reach is a role as an administrator reads it.
func reach(g roster.Grant) string {
	switch {
	case g.Unit != "":
		return fmt.Sprintf("%s of %s, %s", g.Role, g.Unit, g.OPD)
	case g.OPD != "":
		return fmt.Sprintf("%s of %s", g.Role, g.OPD)
	}
	return fmt.Sprintf("%s of the whole city", g.Role)
}

type roleListCmd struct {
	config
	Day roster.Day `help:"On which day; today when left out."`
}

// Run lists the holders.
func (c roleListCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		day := c.Day
		if day.IsZero() {
			day = d.today
		}
		holders, err := d.db.RoleHolders(ctx, day)
		if err != nil {
			return err
		}
		for _, h := range holders {
			until, chat := "", ""
			if !h.To.IsZero() {
				until = " until " + h.To.String()
			}
			if !h.Live {
				chat = "  (no chat)"
			}
			d.printf("%s: %s, since %s%s%s\n", reach(h.Grant), h.Person.Name, h.From, until, chat)
		}
		d.printf("%d roles on %s\n", len(holders), day)
		return nil
	})
}
