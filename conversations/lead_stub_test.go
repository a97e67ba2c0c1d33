package conversations_test

import (
	"context"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Nobody leads, helps or has a crew here; that is told in the transcripts.

func (*records) Beside(context.Context, []int64) (map[int64]conversations.ReportBeside, error) {
	return nil, nil
}

func (*records) Served(context.Context, roster.EmployeeID, roster.Day) ([]conversations.Served, error) {
	return nil, nil
}

func (*records) Pieces(context.Context, roster.EmployeeID, roster.EmployeeID, roster.Day) ([]conversations.SeenPiece, error) {
	return nil, nil
}

func (*records) StandIns(context.Context, roster.EmployeeID) ([]conversations.Person, error) {
	return nil, nil
}

func (*records) Delegations(context.Context, roster.EmployeeID) ([]conversations.Delegation, error) {
	return nil, nil
}

func (*records) Blocker(context.Context, roster.EmployeeID, roster.EmployeeID, roster.Day) (conversations.Blocker, bool, error) {
	return conversations.Blocker{}, false, nil
}

func (*records) Blockers(context.Context, roster.EmployeeID) ([]conversations.Blocker, error) {
	return nil, nil
}

func (*records) Routed(context.Context, conversations.HelpRoute) (conversations.Person, bool, error) {
	return conversations.Person{}, false, nil
}

func (*records) Crew(context.Context, roster.EmployeeID, roster.Day) ([]conversations.CrewMember, error) {
	return nil, nil
}

func (*records) Noted(context.Context, roster.EmployeeID, roster.Day, string) (conversations.Noted, bool, error) {
	return conversations.Noted{}, false, nil
}

func (*records) Contest(context.Context, roster.EmployeeID, roster.EmployeeID, roster.Day) (conversations.Contest, bool, error) {
	return conversations.Contest{}, false, nil
}
