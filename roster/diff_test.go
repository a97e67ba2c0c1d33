package roster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	same := Employee{ID: 1, Number: "A-1", Name: "Ani", OPD: "Kominfo", Pattern: FiveDays, Lang: "id"}
	moved := Employee{ID: 2, Number: "A-2", Name: "Budi", OPD: "Kominfo", Unit: "Data", Supervisor: "A-1"}
	named := Employee{ID: 3, Number: "A-3", Name: "Citra", OPD: "Dinkes", Phone: "+62811"}
	gone := Employee{ID: 4, Number: "A-4", Name: "Dedi", OPD: "Dinkes"}
	current := []Employee{same, moved, named, gone}

	sameIn, movedIn, namedIn := same, moved, named
	sameIn.ID, movedIn.ID, namedIn.ID = 0, 0, 0
	movedIn.OPD, movedIn.Supervisor = "Dinkes", ""
	namedIn.Name = "Citra Dewi"
	added := Employee{Number: "A-5", Name: "Eka", OPD: "Bappeda"}
	incoming := []Employee{added, namedIn, movedIn, sameIn}

	d := Compare(current, incoming, Whole)
	want := Diff{
		Added: []Employee{added}, Gone: []Employee{gone}, Unchanged: 1,
		Changed: []Change{
			{ID: 3, Number: "A-3", Name: "Citra Dewi", OPD: "Dinkes", Fields: []FieldChange{{"name", "Citra", "Citra Dewi"}}},
			{
				ID: 2, Number: "A-2", Name: "Budi", OPD: "Dinkes", Transfer: true,
				Fields: []FieldChange{{"opd", "Kominfo", "Dinkes"}, {"supervisor", "A-1", ""}},
			},
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	wantSum := Summary{
		Counts: Counts{Added: 1, Changed: 2, Transfers: 1, Unchanged: 1, Gone: 1},
		OPDs: []OPDCounts{
			{"Bappeda", Counts{Added: 1}},
			{"Dinkes", Counts{Changed: 2, Transfers: 1, Gone: 1}},
		},
	}
	if diff := cmp.Diff(wantSum, d.Summary()); diff != "" {
		t.Error(diff)
	}
	if part := Compare(current, incoming, Part); part.Gone != nil {
		t.Errorf("a part of the roster says who is gone: %v", part.Gone)
	}
}
