// A starter: an adapter in Java, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints Java's values and speaks the protocol.
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public final class Adapter {
    static final class Unsupported extends Exception {
        Unsupported(String why) { super(why); }
    }

    // A name in the data. It is never looked up.
    static final class Global {
        final String module, name;
        Global(String module, String name) { this.module = module; this.name = name; }
    }

    // ---- YOUR IMPLEMENTATION: bytes in; the value, and how many bytes were read. ---
    // Throw what it throws; throw Unsupported for what it does not claim to do. The
    // printer knows null, Boolean, Integer, Long, BigInteger, Double, String, byte[],
    // List, Object[] (a tuple), Map and Global.

    static Object implementation(byte[] data, int[] consumed) throws Exception {
        return new Toy(data).load(consumed);
    }

    static final String HELLO = "\"implementation\":\"toy\",\"version\":\"1.0\",\"language\":\"Java\","
        + "\"window\":16,\"formats\":[\"pickle:decode:0-3\"],\"identity\":\"mutable\",\"lossy\":[]";

    // --------------------------------------------------------------------------------

    static final class Toy {
        private final byte[] data;
        private int at;
        private final List<Object> stack = new ArrayList<>();
        private final Deque<Integer> marks = new ArrayDeque<>();
        private final Map<Byte, Object> memo = new HashMap<>();

        Toy(byte[] data) { this.data = data; }

        private byte[] take(int count) throws EOFException {
            if (count < 0 || data.length - at < count) throw new EOFException("pickle ends early");
            at += count;
            return Arrays.copyOfRange(data, at - count, at);
        }

        private byte one() throws EOFException { return take(1)[0]; }

        private int number() throws EOFException {
            return ByteBuffer.wrap(take(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        }

        private String line() throws IOException {
            int end = at;
            while (end < data.length && data[end] != '\n') ++end;
            byte[] line = take(end + 1 - at);
            return text(Arrays.copyOf(line, line.length - 1));
        }

        private Object top() { return stack.get(stack.size() - 1); }

        private List<Object> sinceMark() {
            List<Object> tail = stack.subList(marks.pop(), stack.size());
            List<Object> items = new ArrayList<>(tail);
            tail.clear();
            return items;
        }

        @SuppressWarnings("unchecked")
        Object load(int[] consumed) throws Exception {
            for (;;) {
                int code = one() & 0xff;
                switch (code) {
                    case '.': consumed[0] = at; return top();
                    case '(': marks.push(stack.size()); break;
                    case 'N': stack.add(null); break;
                    case 0x88: stack.add(true); break;
                    case 0x89: stack.add(false); break;
                    case 'K': stack.add(one() & 0xff); break;
                    case 'J': stack.add(number()); break;
                    case 0x8a: stack.add(twosComplement(take(one() & 0xff))); break;
                    case 'G': stack.add(ByteBuffer.wrap(take(8)).getDouble()); break;
                    case 'X': stack.add(text(take(number()))); break;
                    case 'C': stack.add(take(one() & 0xff)); break;
                    case ']': stack.add(new ArrayList<>()); break;
                    case 'e': { List<Object> items = sinceMark(); ((List<Object>) top()).addAll(items); break; }
                    case ')': stack.add(new Object[0]); break;
                    case 't': stack.add(sinceMark().toArray()); break;
                    case '}': stack.add(new LinkedHashMap<>()); break;
                    case 'u': {
                        List<Object> items = sinceMark();
                        for (int i = 0; i < items.size(); i += 2)
                            ((Map<Object, Object>) top()).put(items.get(i), items.get(i + 1));
                        break;
                    }
                    case 'q': memo.put(one(), top()); break;
                    case 'h': stack.add(memo.get(one())); break;
                    case 'c': { String module = line(); stack.add(new Global(module, line())); break; }
                    default: throw new Unsupported(String.format("opcode 0x%02x", code));
                }
            }
        }

        private static BigInteger twosComplement(byte[] little) {
            byte[] big = new byte[little.length + 1];  // one more, which keeps 0 from being empty
            for (int i = 0; i < little.length; ++i) big[little.length - i] = little[i];
            if (little.length > 0 && little[little.length - 1] < 0) big[0] = -1;
            return new BigInteger(big);
        }

        // UTF-8 in which Python may have written a surrogate by itself, which a String
        // can hold and Java's own decoder refuses.
        private static String text(byte[] bytes) throws IOException {
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < bytes.length; ) {
                int first = bytes[i++] & 0xff;
                int more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
                if (more < 0 || bytes.length - i < more) throw new IOException("no UTF-8");
                int code = first & 0x7f >> (more == 0 ? 0 : more + 1);
                for (; more > 0; --more) {
                    if ((bytes[i] & 0xc0) != 0x80) throw new IOException("no UTF-8");
                    code = code << 6 | bytes[i++] & 0x3f;
                }
                out.appendCodePoint(code);
            }
            return out.toString();
        }
    }

    // ---- Value text: what has parts gets a line of its own, so nothing recurses. ---

    static void escape(int code, StringBuilder out) {
        switch (code) {
            case '\\': out.append("\\\\"); return;
            case '\'': out.append("\\'"); return;
            case '\n': out.append("\\n"); return;
            case '\r': out.append("\\r"); return;
            case '\t': out.append("\\t"); return;
            default: break;
        }
        if (code >= ' ' && code <= '~') out.append((char) code);
        else out.append(String.format(code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", code));
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i)))
            escape(text.codePointAt(i), out);  // a surrogate by itself is its own code point
        return out.append('\'').toString();
    }

    static String real(double value) {
        if (Double.isNaN(value)) return "nan";
        if (Double.isInfinite(value)) return value > 0 ? "inf" : "-inf";
        return Double.toString(value).replace("E", "e");
    }

    // The text of a value without parts; null for what has some.
    static String atom(Object value) {
        if (value == null) return "None";
        if (value instanceof Boolean) return (Boolean) value ? "True" : "False";
        if (value instanceof Integer || value instanceof Long) return value.toString();
        if (value instanceof BigInteger) {
            BigInteger number = (BigInteger) value;
            return (number.signum() < 0 ? "-0x" : "0x") + number.abs().toString(16);
        }
        if (value instanceof Double) return real((Double) value);
        if (value instanceof String) return quoted((String) value);
        if (value instanceof byte[]) return "b" + quoted(new String((byte[]) value, StandardCharsets.ISO_8859_1));
        if (value instanceof Global) return "global(" + quoted(((Global) value).module) + ", " + quoted(((Global) value).name) + ")";
        return null;
    }

    static final class Printer {
        private final IdentityHashMap<Object, Integer> labels = new IdentityHashMap<>();
        private final List<Object> nodes = new ArrayList<>();

        private String part(Object value) {
            String text = atom(value);
            if (text != null) return text;
            Integer label = labels.get(value);
            if (label == null) {
                nodes.add(value);
                labels.put(value, label = nodes.size());
            }
            return "*" + label;
        }

        private String form(Object value) {
            StringBuilder out = new StringBuilder();
            if (value instanceof List) {
                for (Object item : (List<?>) value) out.append(out.length() == 0 ? "" : ", ").append(part(item));
                return "[" + out + "]";
            }
            if (value instanceof Object[]) {
                Object[] items = (Object[]) value;
                for (Object item : items) out.append(out.length() == 0 ? "" : ", ").append(part(item));
                return "(" + out + (items.length == 1 ? ",)" : ")");
            }
            if (value instanceof Map) {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet())
                    out.append(out.length() == 0 ? "" : ", ").append(part(entry.getKey())).append(": ").append(part(entry.getValue()));
                return "{" + out + "}";
            }
            throw new IllegalArgumentException("no value text for " + value.getClass());
        }

        String print(Object root) {
            String last = part(root);
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < nodes.size(); ++i)
                out.append('&').append(i + 1).append(" = ").append(form(nodes.get(i))).append('\n');
            return out.append(last).toString();
        }
    }

    // ---- JSON, as much as requests have: texts by name; of what else there is, the source.

    static final class Json {
        private final String line;
        private int at;

        Json(String line) { this.line = line; }

        private char peek() {
            while (at < line.length() && " \t\r\n".indexOf(line.charAt(at)) >= 0) ++at;
            if (at == line.length()) throw new IllegalArgumentException("the JSON ends early");
            return line.charAt(at);
        }

        private void expect(char wanted) {
            if (peek() != wanted) throw new IllegalArgumentException("no JSON at " + at);
            ++at;
        }

        private String string() {
            expect('"');
            StringBuilder out = new StringBuilder();
            while (at < line.length() && line.charAt(at) != '"') {
                char c = line.charAt(at++);
                if (c != '\\') { out.append(c); continue; }
                char escape = line.charAt(at++);
                int short_ = "bfnrt".indexOf(escape);
                if (escape == 'u') out.append((char) Integer.parseInt(line.substring(at, at += 4), 16));
                else out.append(short_ < 0 ? escape : "\b\f\n\r\t".charAt(short_));
            }
            expect('"');
            return out.toString();
        }

        private String value() {
            int begin = at;
            char first = peek();
            if (first == '"') return string();
            int depth = 0;
            do {
                char c = peek();
                if (c == '"') string(); else ++at;
                if (c == '{' || c == '[') ++depth;
                if (c == '}' || c == ']') --depth;
            } while (depth > 0 || ",}".indexOf(peek()) < 0);
            return line.substring(begin, at).trim();
        }

        Map<String, String> object() {
            Map<String, String> fields = new HashMap<>();
            expect('{');
            while (peek() != '}') {
                String name = string();
                expect(':');
                fields.put(name, value());
                if (peek() != '}') expect(',');
            }
            return fields;
        }
    }

    static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c >= ' ' && c <= '~') out.append(c);
            else out.append(String.format("\\u%04x", (int) c));
        }
        return out.append('"').toString();
    }

    // ---- The protocol. --------------------------------------------------------------

    static byte[] fromHex(String digits) {
        if (digits == null || digits.length() % 2 != 0) throw new IllegalArgumentException("data: no hex");
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; ++i) {
            int high = Character.digit(digits.charAt(2 * i), 16), low = Character.digit(digits.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) throw new IllegalArgumentException("data: no hex");
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    static String answer(Map<String, String> request) {
        if ("hello".equals(request.get("op"))) return HELLO;
        if (!"decode".equals(request.get("op")) || !"pickle".equals(request.get("format")))
            return "\"unsupported\":\"this operation or format\"";
        if (request.containsKey("options") || request.containsKey("buffers"))
            return "\"unsupported\":\"options and buffers\"";
        byte[] data = fromHex(request.get("data"));
        int[] consumed = {0};
        Object value;
        try {
            value = implementation(data, consumed);
        } catch (Unsupported why) {
            return "\"unsupported\":" + json(why.getMessage());
        } catch (Exception error) {
            return "\"error\":" + json(error.getClass().getSimpleName()) + ",\"message\":" + json(String.valueOf(error.getMessage()));
        }
        return "\"value\":" + json(new Printer().print(value)) + ",\"consumed\":" + consumed[0];
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = lines.readLine()) != null; ) {
            Map<String, String> request = new HashMap<>();
            String fields;
            try {
                request = new Json(line).object();
                if ("bye".equals(request.get("op"))) return;
                fields = answer(request);
            } catch (RuntimeException error) {  // a broken request, or a mistake of this adapter
                fields = "\"error\":\"ProtocolError\",\"message\":" + json(error.toString());
            }
            String id = request.get("id");
            System.out.println("{" + (id == null ? "" : "\"id\":" + json(id) + ",") + fields + "}");
            System.out.flush();
        }
    }
}
