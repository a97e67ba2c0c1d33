package roster

import (
	"fmt"
	"io"
	"strconv"
)

// WritePlans writes plans so that [ReadPlans] reads the same back, as XLSX or CSV.
func WritePlans(w io.Writer, items []PlanItem, xlsx bool) error {
	rows := make([][]string, len(items))
	for i, it := range items {
		rows[i] = []string{it.Number, it.Code, it.Text, it.Indicator, it.Target, it.Unit, it.Period.String()}
	}
	if err := writeTable(w, planColumns(), rows, xlsx); err != nil {
		return fmt.Errorf("write plans: %w", err)
	}
	return nil
}

// WriteBank writes an activity bank so that [ReadBank] reads the same back.
func WriteBank(w io.Writer, entries []Standard, xlsx bool) error {
	rows := make([][]string, len(entries))
	for i, e := range entries {
		rows[i] = []string{e.OPD, e.Unit, e.Name, e.Result, strconv.Itoa(e.Minutes)}
	}
	if err := writeTable(w, bankColumns(), rows, xlsx); err != nil {
		return fmt.Errorf("write bank: %w", err)
	}
	return nil
}

func writeTable(w io.Writer, known []columnDef, rows [][]string, xlsx bool) error {
	if xlsx {
		return writeXLSX(w, titlesOf(known), rows)
	}
	return writeCSV(w, titlesOf(known), rows)
}
