package parse
import ("testing";"bufio";"os";"fmt";"encoding/json")
func TestTry(t *testing.T){
 f,err:=os.Open("/tmp/ptry/in.txt"); if err!=nil {t.Skip()}
 sc:=bufio.NewScanner(f)
 for sc.Scan(){ var s string; if json.Unmarshal([]byte("\""+sc.Text()+"\""),&s)!=nil {s=sc.Text()}
  r:=Read(s); fmt.Printf("» %s\n   %s", sc.Text(), r.Intent)
  if r.To!="" {fmt.Printf(" [%s→%s]",r.From,r.To)}
  fmt.Println()
  for _,it:=range r.Items { fmt.Printf("   - %q q=%s u=%s m=%d %s-%s more=%v ob=%q src=%q\n", it.Description,it.Quantity,it.Unit,it.Minutes,it.Start,it.End,it.More,it.Obstacle,it.Source)}
  for _,a:=range r.Ask { fmt.Printf("   ? %d %s %s %q\n",a.Item,a.Field,a.Reason,a.Understood)}
 }}
func TestDump(t *testing.T){
 f,err:=os.Open("/tmp/ptry/dump.txt"); if err!=nil {t.Skip()}
 o,_:=os.Create("testdata/tuning.jsonl"); defer o.Close()
 seen:=map[string]bool{}
 sc:=bufio.NewScanner(f)
 for sc.Scan(){ var s string; if sc.Text()==""||seen[sc.Text()] {continue}; seen[sc.Text()]=true; if json.Unmarshal([]byte("\""+sc.Text()+"\""),&s)!=nil {s=sc.Text()}
  r:=Read(s)
  w:=map[string]any{"intent":r.Intent}
  if r.From!="" {w["from"]=r.From}; if r.To!="" {w["to"]=r.To}
  items:=[]map[string]any{}
  for _,it:=range r.Items { b,_:=json.Marshal(it); var m map[string]any; json.Unmarshal(b,&m); delete(m,"source"); items=append(items,m)}
  w["items"]=items
  ask:=[]string{}
  for _,q:=range r.Ask {ask=append(ask,fmt.Sprintf("%d %s",q.Item,q.Field))}
  w["ask"]=ask
  e:=json.NewEncoder(o); e.SetEscapeHTML(false); e.Encode(map[string]any{"text":s,"want":w})
 }}
