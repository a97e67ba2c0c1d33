package conversations_test

import (
	"context"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// ownFacts is what the records in memory know of own days and rights.
type ownFacts struct {
	absences []conversations.OwnAbsence
	head     *conversations.Person
	claims   map[int64]conversations.Claim
	letters  map[int64][]conversations.Letter
	receipt  *conversations.Receipt
	why      *conversations.Why
	staff    []conversations.StaffDay
}

func (*records) Workdays(_ context.Context, _ roster.EmployeeID, from, to roster.Day) ([]roster.Day, error) {
	var days []roster.Day
	for d := from; !d.After(to); d = d.Add(1) {
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			days = append(days, d)
		}
	}
	return days, nil
}

func (r *records) Absences(_ context.Context, _ roster.EmployeeID, from roster.Day) ([]conversations.OwnAbsence, error) {
	return slices.DeleteFunc(slices.Clone(r.own.absences), func(a conversations.OwnAbsence) bool { return a.To.Before(from) }), nil
}

func (r *records) Superior(context.Context, roster.EmployeeID) (conversations.Person, bool, error) {
	if r.own.head == nil {
		return conversations.Person{}, false, nil
	}
	return *r.own.head, true, nil
}

func (r *records) Claim(_ context.Context, _ roster.EmployeeID, claim int64) (conversations.Claim, bool, error) {
	c, ok := r.own.claims[claim]
	return c, ok, nil
}

func (r *records) Letters(_ context.Context, _ roster.EmployeeID, claim int64) ([]conversations.Letter, error) {
	if _, may := r.own.claims[claim]; !may {
		return nil, nil
	}
	return r.own.letters[claim], nil
}

func (*records) Standing(_ context.Context, _ roster.EmployeeID, pieces []int64) ([]int64, error) {
	return pieces, nil
}

func (r *records) Pending(context.Context, roster.EmployeeID) ([]conversations.Claim, error) {
	var all []conversations.Claim
	for _, c := range r.own.claims {
		all = append(all, c)
	}
	return all, nil
}

func (r *records) Receipt(context.Context, roster.EmployeeID, roster.Day, string) (conversations.Receipt, bool, error) {
	if r.own.receipt == nil {
		return conversations.Receipt{}, false, nil
	}
	return *r.own.receipt, true, nil
}

func (r *records) Why(context.Context, roster.EmployeeID, roster.Day) (conversations.Why, bool, error) {
	if r.own.why == nil {
		return conversations.Why{}, false, nil
	}
	return *r.own.why, true, nil
}

func (*records) Everything(context.Context, roster.EmployeeID) ([]byte, error) {
	return []byte(`{}`), nil
}

func (r *records) Staff(context.Context, roster.EmployeeID, roster.Day) ([]conversations.StaffDay, error) {
	return r.own.staff, nil
}

func (r *records) MayRead(_ context.Context, _, id roster.EmployeeID, _ roster.Day) (bool, error) {
	return slices.ContainsFunc(r.own.staff, func(s conversations.StaffDay) bool { return s.ID == id }), nil
}
