package fakegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxBody is what a request may weigh: Telegram takes files up to 50 MB.
const maxBody = 51 << 20

// upload is a file part of a multipart request.
type upload struct {
	name string
	data []byte
}

// args are a call's parameters, checked against the table: string, bool,
// json.Number, []any or map[string]any.
type args struct {
	values map[string]any
	files  map[string]upload
}

func (a args) has(name string) bool { _, ok := a.values[name]; return ok }

func (a args) str(name string) string { s, _ := a.values[name].(string); return s }

func (a args) flag(name string) bool { b, _ := a.values[name].(bool); return b }

func (a args) list(name string) []any { l, _ := a.values[name].([]any); return l }

func (a args) object(name string) map[string]any { m, _ := a.values[name].(map[string]any); return m }

// num answers 0 when the parameter is missing or not a number.
func (a args) num(name string) int64 { return number(a.values[name]) }

func number(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// chatID answers 0 for "@names", which no simulated chat has.
func (a args) chatID() int64 { return a.num("chat_id") }

// decodeRequest reads the parameters of a request in any of the forms Telegram
// takes: query, urlencoded, JSON and multipart. Form values stay text.
func decodeRequest(r *http.Request) (args, error) {
	a := args{values: map[string]any{}, files: map[string]upload{}}
	if err := a.addForm(r.URL.RawQuery); err != nil || r.Method == http.MethodGet || r.Body == nil {
		return a, err
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return a, fmt.Errorf("content type can't be parsed: %w", err)
	}
	switch media {
	case "multipart/form-data":
		if params["boundary"] == "" {
			return a, errors.New("boundary is missing")
		}
		return a, a.addMultipart(r)
	case "application/json":
		return a, a.addJSON(r.Body)
	default:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return a, fmt.Errorf("body can't be read: %w", err)
		}
		return a, a.addForm(string(body))
	}
}

func (a args) add(name, value string) error {
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return errors.New("strings must be encoded in UTF-8")
	}
	if a.has(name) {
		return fmt.Errorf("field %q is given twice", name)
	}
	a.values[name] = value
	return nil
}

func (a args) addForm(query string) error {
	form, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("form can't be parsed: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			if err := a.add(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a args) addJSON(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("body can't be read: %w", err)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	if !utf8.Valid(data) {
		return errors.New("strings must be encoded in UTF-8")
	}
	v, err := decodeJSON(data)
	if err != nil {
		return fmt.Errorf("body can't be parsed: %w", err)
	}
	m, isObject := v.(map[string]any)
	if !isObject {
		return errors.New("object expected as the body")
	}
	for name, value := range m {
		if value != nil { // null means "not given"
			a.values[name] = value
		}
	}
	return nil
}

// addMultipart also takes a body without a single part: that is how
// go-telegram/bot calls a method without parameters.
func (a args) addMultipart(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return fmt.Errorf("multipart can't be read: %w", err)
	}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if err == io.EOF || n == 0 && errors.Is(err, io.EOF) { //nolint:errorlint // bare EOF is the proper end, a wrapped one a torn body
			return nil
		}
		if err != nil {
			return fmt.Errorf("multipart can't be parsed: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("multipart can't be read: %w", err)
		}
		if part.FileName() != "" {
			a.files[part.FormName()] = upload{name: part.FileName(), data: data}
			continue
		}
		if err := a.add(part.FormName(), string(data)); err != nil {
			return err
		}
	}
}

func decodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("data after the value")
	}
	return v, nil
}

// bind gives every parameter its type and checks it against the method's fields.
func (o *object) bind(raw args) (args, error) {
	a := args{values: make(map[string]any, len(raw.values)), files: raw.files}
	for _, name := range slices.Sorted(maps.Keys(raw.values)) {
		f := o.fields[name]
		if f == nil {
			return a, fmt.Errorf("field %q is unknown in %s", name, o.name)
		}
		v, err := coerce(f.kinds, raw.values[name])
		if err != nil {
			return a, fmt.Errorf("can't parse %s JSON object", name)
		}
		if err := new(checker).anyOf(name, f.kinds, v); err != nil {
			return a, err
		}
		a.values[name] = v
	}
	if err := o.bindFiles(a); err != nil {
		return a, err
	}
	for _, name := range o.required {
		if _, isFile := a.files[name]; !isFile && !a.has(name) {
			return a, missing(name)
		}
	}
	return a, nil
}

// bindFiles refuses parts that no field takes and no field attaches.
func (o *object) bindFiles(a args) error {
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		f := o.fields[name]
		if f != nil && slices.ContainsFunc(f.kinds, func(k kind) bool { return k.name == scalarFile }) {
			continue
		}
		attached := false
		for _, v := range a.values {
			attached = attached || v == "attach://"+name
		}
		if !attached {
			return fmt.Errorf("file %q is unknown in %s", name, o.name)
		}
	}
	return nil
}

// missing words the two cases bots know by heart as Telegram does.
func missing(name string) error {
	switch name {
	case "chat_id":
		return errors.New("chat_id is empty")
	case "text":
		return errors.New("message text is empty")
	}
	return fmt.Errorf("field %q is required", name)
}

// coerce turns form text into what one of the kinds expects; an error means
// that JSON was expected and not found.
func coerce(kinds []kind, v any) (any, error) {
	text, isText := v.(string)
	if !isText {
		return v, nil
	}
	takesText, takesJSON := false, false
	for _, k := range kinds {
		switch {
		case k.depth > 0 || k.obj != nil:
			takesJSON = true
		case k.name == scalarInteger, k.name == scalarFloat:
			if n, ok := textNumber(k.name, text); ok {
				return n, nil
			}
		case k.name == scalarBoolean:
			if b, err := strconv.ParseBool(strings.ToLower(text)); err == nil {
				return b, nil
			}
		default:
			takesText = true
		}
	}
	if takesText || !takesJSON {
		return text, nil
	}
	return decodeJSON([]byte(text))
}

func textNumber(name, text string) (json.Number, bool) {
	if name == scalarInteger {
		i, err := strconv.ParseInt(text, 10, 64)
		return json.Number(strconv.FormatInt(i, 10)), err == nil
	}
	f, err := strconv.ParseFloat(text, 64)
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), err == nil && f == f
}
