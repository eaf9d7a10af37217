// A starter: an adapter in Go, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints Go's values and speaks the protocol.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

type unsupported string

func (u unsupported) Error() string { return string(u) }

// A name in the data. It is never looked up.
type global struct{ module, name string }

// Pointers, so that what is met twice can be told from what is equal.
type list struct{ items []interface{} }
type tuple struct{ items []interface{} }
type dict struct{ keys, values []interface{} }

// ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
// Return its error; return unsupported for what it does not claim to do. If it gives
// plain slices and maps, say "identity":"none" and lossy "dict=unordered".

func implementation(data []byte) (interface{}, int, error) {
	return toy(data)
}

var hello = map[string]interface{}{
	"implementation": "toy", "version": "1.0", "language": "Go", "window": 16,
	"formats": []string{"pickle:decode:0-3"}, "identity": "mutable", "lossy": []string{}}

// ------------------------------------------------------------------------------------

var errEnd = errors.New("pickle ends early")

type machine struct {
	data  []byte
	at    int
	stack []interface{}
	marks []int
	memo  map[byte]interface{}
}

func (m *machine) take(count int) []byte {
	if len(m.data)-m.at < count {
		panic(errEnd)
	}
	m.at += count
	return m.data[m.at-count : m.at]
}

func (m *machine) line() string {
	end := bytes.IndexByte(m.data[m.at:], '\n')
	if end < 0 {
		panic(errEnd)
	}
	return string(m.take(end + 1)[:end])
}

func (m *machine) push(value interface{}) { m.stack = append(m.stack, value) }
func (m *machine) top() interface{}       { return m.stack[len(m.stack)-1] }

func (m *machine) sinceMark() []interface{} {
	start := m.marks[len(m.marks)-1]
	m.marks = m.marks[:len(m.marks)-1]
	items := append([]interface{}{}, m.stack[start:]...)
	m.stack = m.stack[:start]
	return items
}

func toy(data []byte) (value interface{}, read int, err error) {
	defer func() { // an index out of range is the toy's way to refuse
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	m := &machine{data: data, memo: map[byte]interface{}{}}
	for {
		switch code := m.take(1)[0]; code {
		case '.':
			return m.top(), m.at, nil
		case '(':
			m.marks = append(m.marks, len(m.stack))
		case 'N':
			m.push(nil)
		case 0x88, 0x89:
			m.push(code == 0x88)
		case 'K':
			m.push(int64(m.take(1)[0]))
		case 'J':
			m.push(int64(int32(binary.LittleEndian.Uint32(m.take(4)))))
		case 0x8a:
			m.push(twosComplement(m.take(int(m.take(1)[0]))))
		case 'G':
			m.push(math.Float64frombits(binary.BigEndian.Uint64(m.take(8))))
		case 'X':
			m.push(string(m.take(int(binary.LittleEndian.Uint32(m.take(4))))))
		case 'C':
			m.push(m.take(int(m.take(1)[0])))
		case ']':
			m.push(&list{})
		case 'e':
			items := m.sinceMark()
			target := m.top().(*list)
			target.items = append(target.items, items...)
		case ')':
			m.push(&tuple{})
		case 't':
			m.push(&tuple{m.sinceMark()})
		case '}':
			m.push(&dict{})
		case 'u':
			items := m.sinceMark()
			target := m.top().(*dict)
			for i := 0; i+1 < len(items); i += 2 {
				target.keys = append(target.keys, items[i])
				target.values = append(target.values, items[i+1])
			}
		case 'q':
			m.memo[m.take(1)[0]] = m.top()
		case 'h':
			m.push(m.memo[m.take(1)[0]])
		case 'c':
			module := m.line()
			m.push(global{module, m.line()})
		default:
			return nil, 0, unsupported(fmt.Sprintf("opcode 0x%02x", code))
		}
	}
}

func twosComplement(little []byte) *big.Int {
	value := new(big.Int)
	for i := len(little) - 1; i >= 0; i-- {
		value.Or(value.Lsh(value, 8), big.NewInt(int64(little[i])))
	}
	if len(little) > 0 && little[len(little)-1] >= 0x80 {
		value.Sub(value, new(big.Int).Lsh(big.NewInt(1), uint(8*len(little))))
	}
	return value
}

// ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

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

// A string may hold a surrogate by itself, as Python encodes it. What is no UTF-8 at
// all is printed as Python's surrogateescape would read it.
func text(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		c, size := utf8.DecodeRuneInString(s)
		if c == utf8.RuneError && size == 1 {
			c = 0xdc00 | rune(s[0])
			if len(s) >= 3 && s[0] == 0xed && s[1] >= 0xa0 {
				c, size = 0xd000|rune(s[1]&0x3f)<<6|rune(s[2]&0x3f), 3
			}
		}
		out.WriteString(escaped(c))
		s = s[size:]
	}
	return "'" + out.String() + "'"
}

func byteText(data []byte) string {
	var out strings.Builder
	for _, b := range data {
		out.WriteString(escaped(rune(b)))
	}
	return "b'" + out.String() + "'"
}

func float(value float64) string {
	if math.IsNaN(value) {
		return "nan"
	}
	if math.IsInf(value, 0) {
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(value), "+"))
	}
	digits := strconv.FormatFloat(value, 'g', -1, 64)
	if !strings.ContainsAny(digits, ".e") {
		digits += ".0"
	}
	return digits
}

// The text of a value without parts.
func atom(value interface{}) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "None", true
	case bool:
		return map[bool]string{true: "True", false: "False"}[v], true
	case int64:
		return strconv.FormatInt(v, 10), true
	case *big.Int:
		if v.Sign() < 0 {
			return "-0x" + new(big.Int).Neg(v).Text(16), true
		}
		return "0x" + v.Text(16), true
	case float64:
		return float(v), true
	case string:
		return text(v), true
	case []byte:
		return byteText(v), true
	case global:
		return "global(" + text(v.module) + ", " + text(v.name) + ")", true
	}
	return "", false
}

type printer struct {
	labels map[interface{}]int
	nodes  []interface{}
}

func (p *printer) part(value interface{}) string {
	if s, ok := atom(value); ok {
		return s
	}
	if p.labels[value] == 0 {
		p.nodes = append(p.nodes, value)
		p.labels[value] = len(p.nodes)
	}
	return "*" + strconv.Itoa(p.labels[value])
}

func (p *printer) parts(values []interface{}) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = p.part(value)
	}
	return texts
}

func (p *printer) form(value interface{}) string {
	switch v := value.(type) {
	case *list:
		return "[" + strings.Join(p.parts(v.items), ", ") + "]"
	case *tuple:
		comma := ""
		if len(v.items) == 1 {
			comma = ","
		}
		return "(" + strings.Join(p.parts(v.items), ", ") + comma + ")"
	case *dict:
		items := p.parts(v.values)
		for i, key := range v.keys {
			items[i] = p.part(key) + ": " + items[i]
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	panic(fmt.Sprintf("no value text for %T", value))
}

func valueText(root interface{}) string {
	p := &printer{labels: map[interface{}]int{}}
	last := p.part(root)
	var out strings.Builder
	for i := 0; i < len(p.nodes); i++ {
		fmt.Fprintf(&out, "&%d = %s\n", i+1, p.form(p.nodes[i]))
	}
	return out.String() + last
}

// ---- The protocol. ------------------------------------------------------------------

type fields map[string]interface{}

func answer(request fields) fields {
	if request["op"] == "hello" {
		return hello
	}
	if request["op"] != "decode" || request["format"] != "pickle" {
		return fields{"unsupported": "this operation or format"}
	}
	if request["options"] != nil || request["buffers"] != nil {
		return fields{"unsupported": "options and buffers"}
	}
	digits, _ := request["data"].(string)
	data, err := hex.DecodeString(digits)
	if err != nil {
		return fields{"error": "ProtocolError", "message": err.Error()}
	}
	value, read, err := implementation(data)
	var why unsupported
	if errors.As(err, &why) {
		return fields{"unsupported": string(why)}
	}
	if err != nil {
		return fields{"error": "Error", "message": fmt.Sprintf("%+q", err.Error())}
	}
	return fields{"value": valueText(value), "consumed": read}
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n') // a line may be as long as it likes
		if err != nil {
			return
		}
		var request fields
		answered := fields{}
		if err := json.Unmarshal(line, &request); err != nil {
			answered = fields{"error": "ProtocolError", "message": fmt.Sprintf("%+q", err.Error())}
		} else if request["op"] == "bye" {
			return
		} else {
			for name, value := range answer(request) {
				answered[name] = value
			}
		}
		if id, ok := request["id"]; ok {
			answered["id"] = id
		}
		out, _ := json.Marshal(answered)
		os.Stdout.Write(append(out, '\n'))
	}
}
