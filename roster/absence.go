package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// AbsenceKind is why a person is not at the usual desk; the codes are those of
// the leave forms.
type AbsenceKind string

// Kinds of leave (PP 11/2017 jo. 17/2020, Peraturan BKN 24/2017 jo. 7/2021;
// PPPK: BKN 7/2022) and the other states that offices keep.
const (
	AnnualLeave    AbsenceKind = "CT"
	LongLeave      AbsenceKind = "CB"
	SickLeave      AbsenceKind = "CS"
	MaternityLeave AbsenceKind = "CM"
	UrgentLeave    AbsenceKind = "CAP" // karena alasan penting
	SharedLeave    AbsenceKind = "CBer"
	UnpaidLeave    AbsenceKind = "CLTN"
	SickDay        AbsenceKind = "SAKIT" // one day, with or without a letter
	StudyLeave     AbsenceKind = "TB"    // tugas belajar
	ShiftOff       AbsenceKind = "LIBUR_SIF"
	FieldDuty      AbsenceKind = "DL" // dinas luar
	Training       AbsenceKind = "DIKLAT"
	FromHome       AbsenceKind = "WFH"
	FromAnywhere   AbsenceKind = "WFA"
)

// AbsenceKinds are all of them, in the order of the forms.
func AbsenceKinds() []AbsenceKind {
	return []AbsenceKind{
		AnnualLeave, LongLeave, SickLeave, MaternityLeave, UrgentLeave, SharedLeave, UnpaidLeave,
		SickDay, StudyLeave, ShiftOff, FieldDuty, Training, FromHome, FromAnywhere,
	}
}

// ParseAbsenceKind reads a code in any case.
func ParseAbsenceKind(s string) (AbsenceKind, error) {
	for _, k := range AbsenceKinds() {
		if strings.EqualFold(strings.TrimSpace(s), string(k)) {
			return k, nil
		}
	}
	return "", fmt.Errorf("read absence %q: want one of %v", s, AbsenceKinds())
}

// Works reports that the person works elsewhere: the report stays due. Every
// other kind frees the person of it. A kind not known frees nobody.
func (k AbsenceKind) Works() bool { return k.rule().works }

// ShortForm reports that a short report is enough (the letter's number and one
// activity).
func (k AbsenceKind) ShortForm() bool { return k == FieldDuty || k == Training }

type absenceRule struct {
	reason Reason
	works  bool
}

func (k AbsenceKind) rule() absenceRule {
	switch k {
	case AnnualLeave, LongLeave, UrgentLeave, SharedLeave, UnpaidLeave:
		return absenceRule{ReasonLeave, false}
	case SickLeave, SickDay:
		return absenceRule{ReasonSick, false}
	case MaternityLeave:
		return absenceRule{ReasonMaternity, false}
	case StudyLeave:
		return absenceRule{ReasonStudy, false}
	case ShiftOff:
		return absenceRule{ReasonOffShift, false}
	case FieldDuty:
		return absenceRule{ReasonFieldDuty, true}
	case Training:
		return absenceRule{ReasonTraining, true}
	case FromHome:
		return absenceRule{ReasonWFH, true}
	case FromAnywhere:
		return absenceRule{ReasonWFA, true}
	}
	return absenceRule{ReasonWorkday, true}
}

// Absence is a person's state on a run of days, both ends included. A zero To
// is one day. Until somebody with the right to do so has Confirmed it, it is
// only claimed.
type Absence struct {
	Employee  EmployeeID
	Kind      AbsenceKind
	From, To  Day
	Confirmed bool
	Basis     string // number of the letter (SPT, surat cuti), may be empty
}

// Covers reports whether d is one of the days.
func (a Absence) Covers(d Day) bool {
	to := a.To
	if to.IsZero() {
		to = a.From
	}
	return !d.Before(a.From) && !d.After(to)
}

// AbsenceOn chooses the one of a person's absences that counts on d, nil for
// none: a confirmed leave, else a claimed one, else work elsewhere. Who falls
// ill on field duty is ill.
func AbsenceOn(absences []Absence, d Day) *Absence {
	var found []Absence
	for _, a := range absences {
		if a.Covers(d) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil
	}
	best := slices.MinFunc(found, func(a, b Absence) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.From.Sub(a.From), 0), cmp.Compare(a.Kind, b.Kind))
	})
	return &best
}

func (a Absence) rank() int {
	switch {
	case a.Kind.Works() && a.Confirmed:
		return 2
	case a.Kind.Works():
		return 3
	case a.Confirmed:
		return 0
	}
	return 1
}
