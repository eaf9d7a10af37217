// A starter: an adapter in Rust, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints values and speaks the protocol. Standard library
// only: rustc --edition 2021 -O adapter.rs
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};

// Values stand in one vector and name each other by their place in it, which is their
// identity: what is met twice has one place, and a cycle is no trouble. An
// implementation with values of its own prints them where Printer does.
type Id = usize;

enum Value {
    None,
    Bool(bool),
    Int(i64),
    BigInt(Vec<u8>), // two's complement, the lowest byte first
    Float(f64),
    Text(Vec<u8>), // UTF-8 in which Python may have written a surrogate by itself
    Bytes(Vec<u8>),
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Global(Vec<u8>, Vec<u8>), // a name in the data; it is never looked up
}

enum Failure {
    Error(String),
    Unsupported(String),
}

struct Decoded {
    values: Vec<Value>,
    root: Id,
    consumed: usize,
}

// ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
// Failure::Error is a rejection, Failure::Unsupported what it does not claim to do.

fn implementation(data: &[u8]) -> Result<Decoded, Failure> {
    let mut toy = Toy { data, at: 0, values: vec![], stack: vec![], marks: vec![], memo: HashMap::new() };
    let root = toy.load()?;
    Ok(Decoded { values: toy.values, root, consumed: toy.at })
}

const HELLO: &str = r#""implementation":"toy","version":"1.0","language":"Rust","window":16,"formats":["pickle:decode:0-3"],"identity":"mutable","lossy":[]"#;

// ------------------------------------------------------------------------------------

struct Toy<'a> {
    data: &'a [u8],
    at: usize,
    values: Vec<Value>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u8, Id>,
}

fn error<T>(what: &str) -> Result<T, Failure> {
    Err(Failure::Error(what.to_string()))
}

impl<'a> Toy<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Failure> {
        if self.data.len() - self.at < count {
            return error("the pickle ends early");
        }
        self.at += count;
        Ok(&self.data[self.at - count..self.at])
    }

    fn one(&mut self) -> Result<u8, Failure> {
        Ok(self.take(1)?[0])
    }

    fn four(&mut self) -> Result<[u8; 4], Failure> {
        Ok(self.take(4)?.try_into().unwrap())
    }

    fn line(&mut self) -> Result<Vec<u8>, Failure> {
        match self.data[self.at..].iter().position(|&byte| byte == b'\n') {
            Some(end) => Ok(self.take(end + 1)?[..end].to_vec()),
            None => error("the pickle ends early"),
        }
    }

    fn push(&mut self, value: Value) {
        self.values.push(value);
        self.stack.push(self.values.len() - 1);
    }

    fn top(&self) -> Result<Id, Failure> {
        self.stack.last().copied().map_or_else(|| error("the stack is empty"), Ok)
    }

    fn since_mark(&mut self) -> Result<Vec<Id>, Failure> {
        match self.marks.pop() {
            Some(mark) if mark <= self.stack.len() => Ok(self.stack.split_off(mark)),
            _ => error("no mark"),
        }
    }

    fn load(&mut self) -> Result<Id, Failure> {
        loop {
            match self.one()? {
                b'.' => return self.top(),
                b'(' => self.marks.push(self.stack.len()),
                b'N' => self.push(Value::None),
                0x88 => self.push(Value::Bool(true)),
                0x89 => self.push(Value::Bool(false)),
                b'K' => {
                    let byte = self.one()?;
                    self.push(Value::Int(byte.into()));
                }
                b'J' => {
                    let bytes = self.four()?;
                    self.push(Value::Int(i32::from_le_bytes(bytes).into()));
                }
                0x8a => {
                    let size = self.one()?;
                    let bytes = self.take(size.into())?.to_vec();
                    self.push(Value::BigInt(bytes));
                }
                b'G' => {
                    let bytes = self.take(8)?.try_into().unwrap();
                    self.push(Value::Float(f64::from_be_bytes(bytes)));
                }
                b'X' => {
                    let size = u32::from_le_bytes(self.four()?);
                    let bytes = self.take(size as usize)?.to_vec();
                    self.push(Value::Text(bytes));
                }
                b'C' => {
                    let size = self.one()?;
                    let bytes = self.take(size.into())?.to_vec();
                    self.push(Value::Bytes(bytes));
                }
                b']' => self.push(Value::List(vec![])),
                b'e' => {
                    let items = self.since_mark()?;
                    let target = self.top()?;
                    match &mut self.values[target] {
                        Value::List(list) => list.extend(items),
                        _ => return error("no list"),
                    }
                }
                b')' => self.push(Value::Tuple(vec![])),
                b't' => {
                    let items = self.since_mark()?;
                    self.push(Value::Tuple(items));
                }
                b'}' => self.push(Value::Dict(vec![])),
                b'u' => {
                    let items = self.since_mark()?;
                    let target = self.top()?;
                    match &mut self.values[target] {
                        Value::Dict(dict) => dict.extend(items.chunks_exact(2).map(|pair| (pair[0], pair[1]))),
                        _ => return error("no dict"),
                    }
                }
                b'q' => {
                    let (index, value) = (self.one()?, self.top()?);
                    self.memo.insert(index, value);
                }
                b'h' => {
                    let index = self.one()?;
                    match self.memo.get(&index) {
                        Some(&value) => self.stack.push(value),
                        None => return error("no such memo"),
                    }
                }
                b'c' => {
                    let global = Value::Global(self.line()?, self.line()?);
                    self.push(global);
                }
                code => return Err(Failure::Unsupported(format!("opcode 0x{:02x}", code))),
            }
        }
    }
}

// ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

fn escape(code: u32, out: &mut String) {
    let _ = match code {
        0x5c => write!(out, "\\\\"),
        0x27 => write!(out, "\\'"),
        10 => write!(out, "\\n"),
        13 => write!(out, "\\r"),
        9 => write!(out, "\\t"),
        32..=126 => write!(out, "{}", code as u8 as char),
        0..=0xff => write!(out, "\\x{:02x}", code),
        0..=0xffff => write!(out, "\\u{:04x}", code),
        _ => write!(out, "\\U{:08x}", code),
    };
}

// What is no UTF-8 is printed as Python's surrogateescape would read it.
fn text(bytes: &[u8], out: &mut String) {
    out.push('\'');
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let more = match first {
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        let second = tail.first().copied().unwrap_or(0);
        let is_character = match first {
            0xe0 => second >= 0xa0,
            0xf0 => second >= 0x90,
            0xf4 => second < 0x90, // there is nothing beyond U+10FFFF
            _ => true,
        };
        let whole = is_character && tail.len() >= more && tail[..more].iter().all(|byte| byte & 0xc0 == 0x80);
        if more > 0 && whole {
            let head = u32::from(first & (0x3f >> more));
            escape(tail[..more].iter().fold(head, |code, byte| code << 6 | u32::from(byte & 0x3f)), out);
            rest = &tail[more..];
        } else {
            escape(if *first < 0x80 { 0 } else { 0xdc00 } | u32::from(*first), out);
            rest = tail;
        }
    }
    out.push('\'');
}

fn big_int(bytes: &[u8], out: &mut String) {
    let negative = bytes.last().map_or(false, |byte| byte & 0x80 != 0);
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = 1;
        for byte in &mut magnitude {
            let sum = u16::from(!*byte) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
    }
    out.push_str(if negative { "-0x" } else { "0x" });
    if magnitude.is_empty() {
        out.push('0');
    }
    for byte in magnitude.iter().rev() {
        let _ = write!(out, "{:02x}", byte);
    }
}

fn float(value: f64, out: &mut String) {
    let _ = match value {
        _ if value.is_nan() => write!(out, "nan"),
        _ if value.is_infinite() => write!(out, "{}", if value > 0.0 { "inf" } else { "-inf" }),
        _ => write!(out, "{:e}", value), // the shortest that reads back: 1.5e0
    };
}

struct Printer<'a> {
    values: &'a [Value],
    labels: HashMap<Id, usize>,
    nodes: Vec<Id>,
}

impl Printer<'_> {
    fn part(&mut self, id: Id, out: &mut String) {
        match &self.values[id] {
            Value::None => out.push_str("None"),
            Value::Bool(true) => out.push_str("True"),
            Value::Bool(false) => out.push_str("False"),
            Value::Int(value) => {
                let _ = write!(out, "{}", value);
            }
            Value::BigInt(bytes) => big_int(bytes, out),
            Value::Float(value) => float(*value, out),
            Value::Text(bytes) => text(bytes, out),
            Value::Bytes(bytes) => {
                out.push_str("b'");
                bytes.iter().for_each(|&byte| escape(byte.into(), out));
                out.push('\'');
            }
            Value::Global(module, name) => {
                out.push_str("global(");
                text(module, out);
                out.push_str(", ");
                text(name, out);
                out.push(')');
            }
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) => {
                let next = self.nodes.len() + 1;
                let label = *self.labels.entry(id).or_insert(next);
                if label == next {
                    self.nodes.push(id);
                }
                let _ = write!(out, "*{}", label);
            }
        }
    }

    fn form(&mut self, id: Id, out: &mut String) {
        let values = self.values;
        let (open, close) = match &values[id] {
            Value::List(_) => ('[', ']'),
            Value::Tuple(_) => ('(', ')'),
            _ => ('{', '}'),
        };
        out.push(open);
        match &values[id] {
            Value::List(items) | Value::Tuple(items) => {
                for (i, &item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    self.part(item, out);
                }
                if close == ')' && items.len() == 1 {
                    out.push(',');
                }
            }
            Value::Dict(items) => {
                for (i, &(key, item)) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    self.part(key, out);
                    out.push_str(": ");
                    self.part(item, out);
                }
            }
            _ => {}
        }
        out.push(close);
    }
}

fn value_text(decoded: &Decoded) -> String {
    let mut printer = Printer { values: &decoded.values, labels: HashMap::new(), nodes: vec![] };
    let (mut last, mut out) = (String::new(), String::new());
    printer.part(decoded.root, &mut last);
    let mut i = 0;
    while i < printer.nodes.len() {
        let _ = write!(out, "&{} = ", i + 1);
        printer.form(printer.nodes[i], &mut out);
        out.push('\n');
        i += 1;
    }
    out + &last
}

// ---- JSON, as much as requests have: texts by name; of what else there is, the source.

struct Json<'a> {
    line: &'a [u8],
    at: usize,
}

impl Json<'_> {
    fn peek(&mut self) -> Result<u8, String> {
        while self.at < self.line.len() && self.line[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.line.get(self.at).copied().ok_or_else(|| "the JSON ends early".to_string())
    }

    fn expect(&mut self, wanted: u8) -> Result<(), String> {
        if self.peek()? != wanted {
            return Err(format!("no JSON at {}", self.at));
        }
        self.at += 1;
        Ok(())
    }

    // A surrogate by itself becomes U+FFFD: no text that matters here has one.
    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut units: Vec<u16> = vec![];
        loop {
            let byte = *self.line.get(self.at).ok_or("the JSON ends early")?;
            self.at += 1;
            match byte {
                b'"' => return Ok(String::from_utf16_lossy(&units)),
                b'\\' => {
                    let escape = *self.line.get(self.at).ok_or("the JSON ends early")?;
                    self.at += 1;
                    units.push(match escape {
                        b'b' => 8,
                        b'f' => 12,
                        b'n' => 10,
                        b'r' => 13,
                        b't' => 9,
                        b'u' => {
                            let digits = self.line.get(self.at..self.at + 4).ok_or("the JSON ends early")?;
                            self.at += 4;
                            let digits = std::str::from_utf8(digits).map_err(|e| e.to_string())?;
                            u16::from_str_radix(digits, 16).map_err(|e| e.to_string())?
                        }
                        other => other.into(),
                    });
                }
                _ => units.push(byte.into()),
            }
        }
    }

    fn value(&mut self) -> Result<String, String> {
        if self.peek()? == b'"' {
            return self.string();
        }
        let (begin, mut depth) = (self.at, 0);
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                }
                byte => {
                    self.at += 1;
                    depth += i32::from(b"[{".contains(&byte)) - i32::from(b"]}".contains(&byte));
                }
            }
            if depth == 0 && b",}".contains(&self.peek()?) {
                return Ok(String::from_utf8_lossy(&self.line[begin..self.at]).into());
            }
        }
    }

    fn object(&mut self) -> Result<BTreeMap<String, String>, String> {
        let mut fields = BTreeMap::new();
        self.expect(b'{')?;
        while self.peek()? != b'}' {
            let name = self.string()?;
            self.expect(b':')?;
            let value = self.value()?;
            fields.insert(name, value);
            if self.peek()? != b'}' {
                self.expect(b',')?;
            }
        }
        Ok(fields)
    }
}

fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        let _ = match unit {
            0x22 | 0x5c => write!(out, "\\{}", unit as u8 as char),
            32..=126 => write!(out, "{}", unit as u8 as char),
            _ => write!(out, "\\u{:04x}", unit),
        };
    }
    out + "\""
}

// ---- The protocol. ------------------------------------------------------------------

fn from_hex(digits: &str) -> Result<Vec<u8>, String> {
    if digits.len() % 2 != 0 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err("data: no hex".to_string());
    }
    let value = |digit: u8| (digit as char).to_digit(16).unwrap() as u8;
    Ok(digits.as_bytes().chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect())
}

fn answer(request: &BTreeMap<String, String>) -> Result<String, String> {
    let field = |name: &str| request.get(name).map(String::as_str).unwrap_or("");
    if field("op") == "hello" {
        return Ok(HELLO.to_string());
    }
    if field("op") != "decode" || field("format") != "pickle" {
        return Ok(r#""unsupported":"this operation or format""#.to_string());
    }
    if request.contains_key("options") || request.contains_key("buffers") {
        return Ok(r#""unsupported":"options and buffers""#.to_string());
    }
    let data = from_hex(field("data"))?;
    Ok(match implementation(&data) {
        Ok(decoded) => format!(r#""value":{},"consumed":{}"#, json(&value_text(&decoded)), decoded.consumed),
        Err(Failure::Unsupported(why)) => format!(r#""unsupported":{}"#, json(&why)),
        Err(Failure::Error(what)) => format!(r#""error":"Error","message":{}"#, json(&what)),
    })
}

fn main() {
    let (stdin, stdout) = (io::stdin(), io::stdout());
    let mut line = Vec::new();
    while stdin.lock().read_until(b'\n', &mut line).unwrap_or(0) > 0 {
        let request = Json { line: &line, at: 0 }.object();
        let id = request.as_ref().ok().and_then(|fields| fields.get("id")).map(|id| json(id));
        let fields = match request {
            Ok(fields) if fields.get("op").map(String::as_str) == Some("bye") => return,
            Ok(fields) => answer(&fields),
            Err(what) => Err(what),
        };
        let fields = fields // Err: a broken request, or a mistake of this adapter
            .unwrap_or_else(|what| format!(r#""error":"ProtocolError","message":{}"#, json(&what)));
        let id = id.map_or(String::new(), |id| format!(r#""id":{},"#, id));
        let mut out = stdout.lock();
        if writeln!(out, "{{{}{}}}", id, fields).and_then(|()| out.flush()).is_err() {
            return;
        }
        line.clear();
    }
}
