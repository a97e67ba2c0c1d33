package fakegram

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// apiJSON is the Bot API 10.1 (2026-06-11) as a table: methods and types with
// the names, types and required flags of their fields.
//
//go:embed api.json
var apiJSON []byte

// loadTable parses the table once for all servers; nobody changes it afterwards.
var loadTable = sync.OnceValue(func() *table {
	t, err := parseTable(apiJSON)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return t
})

// table is the Bot API, linked: kinds point to the objects they name.
type table struct {
	version string
	methods map[string]*object
	types   map[string]*object
}

// object is a method's parameters or a type. A union has subtypes and no fields.
type object struct {
	name     string
	fields   map[string]*field
	required []string
	subtypes []kind
}

type field struct {
	kinds []kind
}

// kind is one alternative of a field's type: depth times "Array of" an object
// or, when obj is nil, a scalar.
type kind struct {
	depth int
	name  string
	obj   *object
}

// The table's scalars. InputFile has no fields in JSON: it is an uploaded part.
const (
	scalarInteger = "Integer"
	scalarFloat   = "Float"
	scalarString  = "String"
	scalarBoolean = "Boolean"
	scalarFile    = "InputFile"
)

type rawTable struct {
	Version string               `json:"version"`
	Methods map[string]rawObject `json:"methods"`
	Types   map[string]rawObject `json:"types"`
}

type rawObject struct {
	Fields map[string]struct {
		Required bool     `json:"required"`
		Types    []string `json:"types"`
	} `json:"fields"`
	Subtypes []string `json:"subtypes"`
}

func parseTable(data []byte) (*table, error) {
	var raw rawTable
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("parse the Bot API table: %w", err)
	}
	t := &table{version: raw.Version, methods: map[string]*object{}, types: map[string]*object{}}
	for name := range raw.Types {
		t.types[name] = &object{name: name}
	}
	for name, r := range raw.Types {
		if err := t.link(t.types[name], r); err != nil {
			return nil, err
		}
	}
	for name, r := range raw.Methods {
		t.methods[name] = &object{name: name}
		if err := t.link(t.methods[name], r); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *table) link(o *object, raw rawObject) error {
	o.fields = make(map[string]*field, len(raw.Fields))
	for _, name := range slices.Sorted(maps.Keys(raw.Fields)) {
		f := &field{}
		for _, text := range raw.Fields[name].Types {
			k, err := t.kind(text)
			if err != nil {
				return fmt.Errorf("link %s.%s: %w", o.name, name, err)
			}
			f.kinds = append(f.kinds, k)
		}
		o.fields[name] = f
		if raw.Fields[name].Required {
			o.required = append(o.required, name)
		}
	}
	for _, text := range raw.Subtypes {
		k, err := t.kind(text)
		if err != nil {
			return fmt.Errorf("link %s: %w", o.name, err)
		}
		o.subtypes = append(o.subtypes, k)
	}
	return nil
}

func (t *table) kind(text string) (kind, error) {
	var k kind
	for {
		inner, isArray := strings.CutPrefix(text, "Array of ")
		if !isArray {
			break
		}
		k.depth++
		text = inner
	}
	k.name = text
	switch text {
	case scalarInteger, scalarFloat, scalarString, scalarBoolean, scalarFile:
		return k, nil
	}
	k.obj = t.types[text]
	if k.obj == nil {
		return k, fmt.Errorf("type %q is not in the table", text)
	}
	return k, nil
}

// Check says whether data is the JSON of a value of the Bot API type with this
// name ("Update", "Message"): every field known, none missing, all of their
// types. Nil means it is. It also serves tests of recorded payloads.
func Check(typeName string, data []byte) error {
	o := loadTable().types[typeName]
	if o == nil {
		return fmt.Errorf("type %q is not in the table", typeName)
	}
	v, err := decodeJSON(data)
	if err != nil {
		return fmt.Errorf("parse a %s: %w", typeName, err)
	}
	return new(checker).object(typeName, o, v)
}

// maxCheckSteps bounds the work for one value: unions of unions would otherwise
// cost exponential time on a value made to fail.
const maxCheckSteps = 20_000

type checker struct{ steps int }

// anyOf accepts v if one alternative does; otherwise it answers the error of the
// alternative that v resembles most.
func (c *checker) anyOf(path string, kinds []kind, v any) error {
	var closest error
	best := -1
	for _, k := range kinds {
		err := c.kind(path, k, v)
		if err == nil {
			return nil
		}
		if likeness := k.likeness(v); likeness > best {
			best, closest = likeness, err
		}
	}
	return closest
}

func (c *checker) kind(path string, k kind, v any) error {
	if c.steps++; c.steps > maxCheckSteps {
		return fmt.Errorf("field %q is too complex", path)
	}
	if k.depth > 0 {
		list, isList := v.([]any)
		if !isList {
			return fmt.Errorf("field %q must be an Array of %s", path, k.name)
		}
		inner := kind{depth: k.depth - 1, name: k.name, obj: k.obj}
		for i, item := range list {
			if err := c.kind(path+"["+strconv.Itoa(i)+"]", inner, item); err != nil {
				return err
			}
		}
		return nil
	}
	if k.obj != nil {
		return c.object(path, k.obj, v)
	}
	if !isScalar(k.name, v) {
		return fmt.Errorf("field %q must be of type %s", path, k.name)
	}
	return nil
}

func (c *checker) object(path string, o *object, v any) error {
	if len(o.subtypes) > 0 {
		return c.anyOf(path, o.subtypes, v)
	}
	m, isObject := v.(map[string]any)
	if !isObject {
		return fmt.Errorf("field %q must be of type %s", path, o.name)
	}
	for _, name := range o.required {
		if _, has := m[name]; !has {
			return fmt.Errorf("field %q is required in %s", path+"."+name, o.name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		f := o.fields[name]
		if f == nil {
			return fmt.Errorf("field %q is unknown in %s", path+"."+name, o.name)
		}
		if err := c.anyOf(path+"."+name, f.kinds, m[name]); err != nil {
			return err
		}
	}
	return nil
}

func isScalar(name string, v any) bool {
	switch x := v.(type) {
	case json.Number:
		if name == scalarFloat {
			_, err := x.Float64()
			return err == nil
		}
		_, err := x.Int64()
		return name == scalarInteger && err == nil
	case bool:
		return name == scalarBoolean
	case string:
		return name == scalarString || name == scalarFile && strings.HasPrefix(x, "attach://")
	}
	return false
}

// likeness counts how many fields of v the kind knows; it only chooses the
// error to show.
func (k kind) likeness(v any) int {
	m, isObject := v.(map[string]any)
	_, isList := v.([]any)
	switch {
	case isList && k.depth > 0:
		return 1
	case !isObject || k.obj == nil || k.depth > 0:
		return 0
	}
	n := 0
	for name := range m {
		if k.obj.fields[name] != nil {
			n += 2
		}
	}
	return n
}
