package parse

import "strings"

// Intent is what a message wants.
type Intent string

// The closed set of intents.
const (
	Report          Intent = "report"
	SameAsYesterday Intent = "same_as_yesterday"
	None            Intent = "none"
	Yes             Intent = "yes"
	No              Intent = "no"
	Greeting        Intent = "greeting"
	Thanks          Intent = "thanks"
	Help            Intent = "help"
	Cancel          Intent = "cancel"
	Status          Intent = "status"
	Skip            Intent = "skip"
	Send            Intent = "send"
	Change          Intent = "change"
	Add             Intent = "add"
	Start           Intent = "start"
	Leave           Intent = "leave"
	Sick            Intent = "sick"
	FieldDuty       Intent = "field_duty"
	Training        Intent = "training"
	OffShift        Intent = "off_shift"
	WFH             Intent = "wfh"
	Correction      Intent = "correction"
	Unknown         Intent = "unknown"
	Empty           Intent = "empty"
)

type intentFound struct {
	intent   Intent
	from, to string
}

// maxIntentWords is the longest message that can be a command or a status.
const maxIntentWords = 14

// readIntent recognises messages that are no report. A message with a time, a
// duration or an amount is a report whatever its first word is.
func readIntent(clean string) (intentFound, bool) {
	if in, ok := symbolIntent(clean); ok {
		return intentFound{intent: in}, true
	}
	if strings.Count(strings.TrimSpace(clean), "\n") > 3 {
		return intentFound{}, false
	}
	l := &line{src: strings.ReplaceAll(clean, "\n", " ")}
	l.toks = tokenize(l.src)
	if len(l.toks) > 4*maxIntentWords {
		return intentFound{}, false
	}
	if c, ok := l.correction(); ok {
		return c, true
	}
	words, greeted := l.intentWords()
	if len(words) == 0 {
		return intentFound{intent: greeted}, greeted != ""
	}
	if len(words) > maxIntentWords {
		return intentFound{}, false
	}
	if in, ok := phrases[strings.Join(words, " ")]; ok {
		return intentFound{intent: in}, true
	}
	if in, ok := commandOf(words); ok {
		return intentFound{intent: in}, true
	}
	if in, ok := l.absence(words); ok {
		return intentFound{intent: in}, true
	}
	if how(words) && !l.hasValues() {
		return intentFound{intent: Help}, true
	}
	if question(clean, words) && !l.hasValues() {
		return intentFound{intent: Unknown}, true
	}
	return intentFound{}, false
}

// commandOf reads a command with what it is about: "ubah laporan tadi".
func commandOf(words []string) (Intent, bool) {
	in, ok := phrases[words[0]]
	switch in {
	case Send, Change, Add, Start, Cancel, Help, Skip:
	default:
		return "", false
	}
	for _, w := range words[1:] {
		if !commandObjects[w] {
			return "", false
		}
	}
	return in, ok
}

// symbolIntent reads messages without a letter or a digit.
func symbolIntent(clean string) (Intent, bool) {
	s := strings.TrimSpace(clean)
	if strings.IndexFunc(s, func(r rune) bool { return r == '/' || alnum(r) }) >= 0 {
		return "", false
	}
	switch {
	case strings.Trim(s, "-–—_ ") == "":
		return None, true
	case strings.ContainsAny(s, "👍👌✅"):
		return Yes, true
	case strings.ContainsAny(s, "👎❌"):
		return No, true
	case strings.ContainsAny(s, "🙏"):
		return Thanks, true
	}
	return Unknown, true
}

// intentWords are the plain words of a message without titles, greetings and
// fillers, in their common spelling; greeted says what was left out.
func (l *line) intentWords() ([]string, Intent) {
	var words []string
	var greeted Intent
	for i := 0; i < len(l.toks); i++ {
		t := l.toks[i]
		if t.kind != tokWord && t.kind != tokNumber {
			continue
		}
		w := t.low
		if s, ok := spelling[w]; ok {
			w = s
		}
		switch next := l.at(i + 1).low; {
		case (w == "selamat" || w == "sugeng" || w == "met") && dayParts[next]:
			greeted = Greeting
			i++
		case (w == "nuwun" || w == "nyuwun") && next == "sewu", (w == "kulo" || w == "kula") && next == "nuwun":
			if greeted == "" {
				greeted = Greeting
			}
			i++
		case thankWords[w] || (w == "terima" || w == "trima") && next == "kasih" || w == "matur" && (next == "nuwun" || next == "suwun") || w == "thank" && next == "you":
			if next == "kasih" || w == "matur" || w == "thank" {
				i++
			}
			greeted = Thanks
		case helloWords[w]:
			if greeted == "" {
				greeted = Greeting
			}
		case affirmed[w]:
			if greeted == "" {
				greeted = Yes
			}
		case fillers[w]:
		default:
			words = append(words, w)
		}
	}
	if len(words) == 0 && greeted == "" && !l.hasVague() {
		greeted = Greeting
	}
	return words, greeted
}

// hasVague reports "pagi-siang": an answer about time, no greeting.
func (l *line) hasVague() bool {
	for i := range l.toks {
		if _, ok := l.vagueAt(i); ok {
			return true
		}
	}
	return false
}

// absence reads "saya cuti", "sakit hari ini", "dinas luar ke Semarang".
func (l *line) absence(words []string) (Intent, bool) {
	i := 0
	for i < len(words) && absenceLeads[words[i]] {
		i++
	}
	if i >= len(words) {
		return "", false
	}
	in := absenceAt(words, i)
	if words[i] == "izin" && i+1 < len(words) {
		if sharper := absenceAt(words, i+1); sharper != "" {
			in = sharper
		}
	}
	if in == "" || l.hasValues() {
		return "", false
	}
	return in, true
}

func absenceAt(words []string, i int) Intent {
	w, next := words[i], ""
	if i+1 < len(words) {
		next = words[i+1]
	}
	all := " " + strings.Join(words, " ") + " "
	switch {
	case w == "sakit" && next != "kepala" || w == "opname" || w == "rawat" && next == "inap" && i > 0 || w == "demam" || w == "cuti" && next == "sakit":
		return Sick
	case w == "cuti" || w == "melahirkan" && i > 0:
		return Leave
	case (w == "izin" || w == "absen") && (next == "" || leaveReasons[next]),
		w == "tidak" && (next == "masuk" || next == "ngantor" || next == "kerja" || next == "berangkat"):
		if strings.Contains(all, " sakit ") && !strings.Contains(all, " anak ") && !strings.Contains(all, " istri ") && !strings.Contains(all, " suami ") && !strings.Contains(all, " orang ") {
			return Sick
		}
		return Leave
	case w == "dinas" && next == "luar" || w == "dl" || w == "perjalanan" && next == "dinas" || w == "perjadin" || w == "tugas" && next == "luar":
		return FieldDuty
	case w == "diklat" || w == "pelatihan" || w == "bimtek" || w == "latsar" || w == "pkn" || w == "pka" || w == "pkp" || w == "tugas" && next == "belajar":
		return Training
	case w == "lepas" && (next == "piket" || next == "jaga" || next == "dinas" || next == "sif" || next == "shift"), w == "libur", w == "off", w == "turun" && (next == "jaga" || next == "piket" || next == "sif" || next == "shift"),
		w == "tidak" && (next == "piket" || next == "jaga" || next == "sif" || next == "shift"), w == "lepas" && next == "malam":
		return OffShift
	case w == "wfh" || w == "wfa" || w == "kerja" && next == "dari" && strings.Contains(all, " rumah "):
		return WFH
	}
	return ""
}

// hasValues reports a time, a duration or an amount in the message; a number of
// days does not count: "cuti 3 hari" is still leave.
func (l *line) hasValues() bool {
	c := line{src: l.src, toks: append([]token(nil), l.toks...)}
	c.scan()
	for _, s := range c.spans {
		if s.kind == spanRange || s.kind == spanDuration || s.kind == spanQuantity && s.unit != "" {
			return true
		}
	}
	return false
}

// how reports "cara isinya gimana".
func how(words []string) bool {
	asks, about := 0, 0
	for i, w := range words {
		if howWords[w] {
			asks++
		}
		if howObjects[w] && (i > 0 || len(words) > 1 && howWords[words[1]]) {
			about++
		}
	}
	return asks > 0 && about > 0 && (howWords[words[0]] || howWords[words[len(words)-1]])
}

func question(clean string, words []string) bool {
	return strings.HasSuffix(strings.TrimRight(clean, " \n"), "?") || askWords[words[0]]
}
