package parse

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

func TestTry(t *testing.T) {
	f, err := os.Open("/tmp/ptry/in.txt")
	if err != nil {
		t.Skip()
	}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var s string
		if json.Unmarshal([]byte("\""+sc.Text()+"\""), &s) != nil {
			s = sc.Text()
		}
		r := Read(s)
		fmt.Printf("» %s\n   %s", sc.Text(), r.Intent)
		if r.To != "" {
			fmt.Printf(" [%s→%s]", r.From, r.To)
		}
		fmt.Println()
		for _, it := range r.Items {
			fmt.Printf("   - %q q=%s u=%s m=%d %s-%s more=%v ob=%q src=%q\n", it.Description, it.Quantity, it.Unit, it.Minutes, it.Start, it.End, it.More, it.Obstacle, it.Source)
		}
		for _, a := range r.Ask {
			fmt.Printf("   ? %d %s %s %q\n", a.Item, a.Field, a.Reason, a.Understood)
		}
	}
}
