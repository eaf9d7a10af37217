// Value text of what stalecucumber gives: a line for each value that has parts.
package main

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hydrogen18/stalecucumber"
)

// What would have been called; `state` is of BUILD.
type call struct {
	module, name string
	args         []interface{}
	state        []interface{}
}

// What a function of copyreg makes: the class by its text.
type instanceOf struct {
	class  string
	args   []interface{}
	kwargs map[interface{}]interface{}
}

type sliceOf struct{ args []interface{} }
type dotted struct{ module, name string } // of getattr

// Of a call that picklers spell a value by: bytes, a frozenset, or another whole
// value text.
type byteString string
type frozenset struct{ items map[interface{}]bool }
type literal string

var problem = fmt.Errorf

// Calls by which picklers spell built-in values, but those that the library
// resolves itself; nothing for arguments of any other shape.
func resolve(module, name string, args []interface{}) (interface{}, error) {
	builtin := module == "__builtin__" || module == "builtins"
	text := func(i int) string { s, _ := args[i].(string); return s }
	switch {
	case module == "_codecs" && name == "encode" && len(args) == 2 &&
		(text(1) == "latin1" || text(1) == "latin-1"):
		encoded, err := latin1(text(0))
		return byteString(encoded), err
	case builtin && (name == "set" || name == "frozenset") && len(args) <= 1:
		return setOf(name, args)
	case builtin && name == "range" && len(args) == 3:
		return rangeOf(args)
	case builtin && name == "slice" && len(args) == 3:
		return &sliceOf{args}, nil
	case builtin && name == "getattr" && len(args) == 2:
		attribute, isText := args[1].(string)
		if module, name, isName := split(args[0]); isName && isText {
			return dotted{module, name + "." + attribute}, nil
		}
	case builtin && (name == "Ellipsis" || name == "NotImplemented"):
		return nil, problem("%s is called", name)
	case module == "builtins" && name == "bytearray" && len(args) == 0:
		return strings.NewReader(""), nil
	case module == "builtins" && name == "bytearray" && len(args) == 1:
		if content, ok := args[0].(byteString); ok {
			return strings.NewReader(string(content)), nil
		}
	case module == "builtins" && name == "bytearray" && len(args) == 2 && text(1) == "latin-1":
		if _, ok := args[0].(string); ok {
			encoded, err := latin1(text(0))
			return strings.NewReader(encoded), err
		}
	case builtin && name == "bytes" && len(args) == 0:
		return byteString(""), nil
	case builtin && name == "complex" && len(args) == 2:
		if re, ok := args[0].(float64); ok {
			if im, ok := args[1].(float64); ok {
				return literal("complex(" + float(re) + ", " + float(im) + ")"), nil
			}
		}
	case (module == "copy_reg" || module == "copyreg") && name == "__newobj__" && len(args) > 0:
		if cls, isClass := nameOf(args[0]); isClass {
			return &instanceOf{cls, args[1:], nil}, nil
		}
	case (module == "copy_reg" || module == "copyreg") && name == "__newobj_ex__" && len(args) == 3:
		cls, isClass := nameOf(args[0])
		list, isTuple := args[1].([]interface{})
		kwargs, isDict := args[2].(map[interface{}]interface{})
		for k := range kwargs {
			_, isText := k.(string)
			isDict = isDict && isText
		}
		if isClass && isTuple && isDict {
			return &instanceOf{cls, list, kwargs}, nil
		}
	case (module == "copy_reg" || module == "copyreg") && name == "_reconstructor" && len(args) == 3:
		cls, isClass := nameOf(args[0])
		base, _ := nameOf(args[1])
		if _, none := args[2].(stalecucumber.PickleNone); isClass && none &&
			(base == "global('__builtin__', 'object')" || base == "global('builtins', 'object')") {
			return &instanceOf{cls, nil, nil}, nil
		}
	}
	return nil, nil
}

func latin1(text string) (string, error) {
	var encoded []byte
	for _, c := range text {
		if c > 0xff {
			return "", problem("no latin-1")
		}
		encoded = append(encoded, byte(c))
	}
	return string(encoded), nil
}

// A set of a list, or of nothing; the library has no value for a frozenset.
func setOf(name string, args []interface{}) (interface{}, error) {
	items := map[interface{}]bool{}
	if len(args) == 1 {
		list, ok := args[0].([]interface{})
		if !ok {
			return nil, nil
		}
		for _, item := range list {
			if item != nil && !reflect.TypeOf(item).Comparable() {
				return nil, problem("%T in a set", item)
			}
			items[item] = true
		}
	}
	if name == "set" {
		return items, nil
	}
	return &frozenset{items}, nil
}

func rangeOf(args []interface{}) (interface{}, error) {
	parts := make([]string, 3)
	for i, arg := range args {
		switch arg.(type) {
		case int64, *big.Int:
			parts[i], _ = atom(arg)
		default:
			return nil, nil
		}
	}
	if parts[2] == "0" {
		return nil, problem("a range with a step of 0")
	}
	return literal("range(" + strings.Join(parts, ", ") + ")"), nil
}

// What GLOBAL leaves is of a type that is not exported.
func split(value interface{}) (module string, name string, ok bool) {
	if d, isDotted := value.(dotted); isDotted {
		return d.module, d.name, true
	}
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Struct || v.Type().Name() != "globalSentinel" {
		return "", "", false
	}
	return v.Field(0).String(), v.Field(1).String(), true
}

func nameOf(value interface{}) (string, bool) {
	module, name, ok := split(value)
	if !ok {
		return "", false
	}
	if (module == "builtins" || module == "__builtin__") && (name == "Ellipsis" || name == "NotImplemented") && !asNames {
		return name, true
	}
	return global(module, name), true
}

// Whether Ellipsis and NotImplemented are printed as names (the option `symbolic`).
var asNames bool

func global(module, name string) string {
	return "global(" + quoted(module) + ", " + quoted(name) + ")"
}

var short = map[rune]string{'\\': `\\`, '\'': `\'`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

func escaped(c rune) string {
	switch {
	case short[c] != "":
		return short[c]
	case c >= ' ' && c <= '~':
		return string(c)
	case c <= 0xff:
		return fmt.Sprintf(`\x%02x`, c)
	case c <= 0xffff:
		return fmt.Sprintf(`\u%04x`, c)
	}
	return fmt.Sprintf(`\U%08x`, c)
}

// A Go string holds any bytes: an encoded surrogate is printed as one, and what is
// no UTF-8 as the surrogates by which Python stands for such bytes.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('\'')
	for len(text) > 0 {
		c, size := utf8.DecodeRuneInString(text)
		if c == utf8.RuneError && size == 1 {
			if len(text) >= 3 && text[0] == 0xed && text[1] >= 0xa0 && text[1] <= 0xbf && text[2]&0xc0 == 0x80 {
				c, size = 0xd000|rune(text[1]&0x3f)<<6|rune(text[2]&0x3f), 3
			} else {
				c = 0xdc00 | rune(text[0])
			}
		}
		out.WriteString(escaped(c))
		text = text[size:]
	}
	out.WriteByte('\'')
	return out.String()
}

func bytesText(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		out.WriteString(escaped(rune(text[i])))
	}
	return "b'" + out.String() + "'"
}

func float(value float64) string {
	switch bits := math.Float64bits(value); {
	case math.IsInf(value, 1):
		return "inf"
	case math.IsInf(value, -1):
		return "-inf"
	case math.IsNaN(value) && bits == 0x7ff8000000000000:
		return "nan"
	case math.IsNaN(value):
		return fmt.Sprintf("nan(0x%016x)", bits)
	}
	text := strconv.FormatFloat(value, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// The text of a value without parts.
func atom(value interface{}) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "global('go', 'nil')", true
	case stalecucumber.PickleNone:
		return "None", true
	case stalecucumber.PickleMark:
		return "global('stalecucumber', 'PickleMark')", true
	case bool:
		return strings.Title(strconv.FormatBool(v)), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case *big.Int:
		if v.IsInt64() {
			return v.String(), true
		}
		if v.Sign() < 0 {
			return "-0x" + new(big.Int).Neg(v).Text(16), true
		}
		return "0x" + v.Text(16), true
	case float64:
		return float(v), true
	case string:
		return quoted(v), true
	case byteString:
		return bytesText(string(v)), true
	case literal:
		return string(v), true
	}
	return nameOf(value)
}

// A list is a slice, which has no identity. Its first item stands for it, lest a
// value that doubles itself fill the disk.
func key(value interface{}) interface{} {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Slice:
		return [2]uintptr{v.Pointer(), uintptr(v.Len())}
	case reflect.Map, reflect.Ptr:
		return v.Pointer()
	}
	return nil // INST's sentinel, a struct
}

type printer struct {
	labels map[interface{}]int
	nodes  []interface{}
}

func (p *printer) part(value interface{}) string {
	if text, ok := atom(value); ok {
		return text
	}
	k := key(value)
	label := p.labels[k]
	if label == 0 || k == nil {
		p.nodes = append(p.nodes, value)
		label = len(p.nodes)
		p.labels[k] = label
	}
	return "*" + strconv.Itoa(label)
}

func (p *printer) parts(values []interface{}) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, p.part(value))
	}
	return texts
}

// A key and its value. A NaN in a map is found by nobody who asks for it.
type pair struct{ key, value interface{} }

// Go gives the keys of a map in another order each time.
func ordered(dict map[interface{}]interface{}) []pair {
	var pairs []pair
	for k, value := range dict {
		pairs = append(pairs, pair{k, value})
	}
	sort.Slice(pairs, func(i, j int) bool { return pairs[i].rank() < pairs[j].rank() })
	return pairs
}

// Something of a pair that is the same each time.
func (p pair) rank() string {
	text, _ := atom(p.key)
	if made, ok := p.key.(*call); ok {
		for _, arg := range made.args {
			part, _ := atom(arg)
			text += part + ","
		}
	}
	value, _ := atom(p.value)
	return text + ":" + value
}

func (p *printer) set(items map[interface{}]bool) string {
	var texts []string
	for item := range items {
		texts = append(texts, p.part(item))
	}
	sort.Strings(texts)
	return "{" + strings.Join(texts, ", ") + "}"
}

func (p *printer) form(value interface{}) string {
	switch v := value.(type) {
	case []interface{}:
		return "[" + strings.Join(p.parts(v), ", ") + "]"
	case map[interface{}]interface{}:
		var items []string
		for _, item := range ordered(v) {
			items = append(items, p.part(item.key)+": "+p.part(item.value))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case map[interface{}]bool:
		if len(v) == 0 {
			return "set()"
		}
		return p.set(v)
	case *frozenset:
		if len(v.items) == 0 {
			return "frozenset()"
		}
		return "frozenset(" + p.set(v.items) + ")"
	case *strings.Reader: // the library's bytearray: the text, not its Latin-1 bytes
		content := make([]byte, v.Size())
		v.ReadAt(content, 0)
		return "bytearray(" + bytesText(string(content)) + ")"
	case *sliceOf:
		return "slice(" + strings.Join(p.parts(v.args), ", ") + ")"
	case *instanceOf:
		parts := append([]string{v.class}, p.parts(v.args)...)
		if len(v.kwargs) > 0 {
			parts = append(parts, "**"+p.form(v.kwargs))
		}
		return "new(" + strings.Join(parts, ", ") + ")"
	case *call:
		text := "call(" + strings.Join(append([]string{global(v.module, v.name)}, p.parts(v.args)...), ", ") + ")"
		for _, state := range v.state {
			text = instance(v.module, v.name, p.parts(v.args)) + ".build(" + p.part(state) + ")"
		}
		return text
	}
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Struct && v.Type().Name() == "instanceSentinel" {
		return instance(v.Field(0).String(), v.Field(1).String(), p.parts(v.Field(2).Interface().([]interface{})))
	}
	panic(fmt.Sprintf("no value text for %T", value))
}

// INST without arguments makes an instance without calling the class.
func instance(module, name string, args []string) string {
	form := "call("
	if len(args) == 0 {
		form = "new("
	}
	return form + strings.Join(append([]string{global(module, name)}, args...), ", ") + ")"
}

func valueText(root interface{}) string {
	p := printer{labels: map[interface{}]int{}}
	last := p.part(root)
	var out strings.Builder
	for i := 0; i < len(p.nodes); i++ {
		fmt.Fprintf(&out, "&%d = %s\n", i+1, p.form(p.nodes[i]))
	}
	return out.String() + last
}
