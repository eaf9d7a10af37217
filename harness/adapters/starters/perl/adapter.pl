# A starter: an adapter in Perl, to be copied. ../README.md says how.
#
# The toy below reads twenty opcodes. Put your implementation in its place, in
# implementation(); the rest prints values and speaks the protocol. Perl's scalars do
# not say whether they are a number, text or bytes, so the toy's values do: each is
# [kind, content].
use strict;
use warnings;
use JSON::PP;
use Math::BigInt;
use Scalar::Util qw(refaddr);

# ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
# Die as it dies; die with "unsupported: ..." for what it does not claim to do.

sub implementation {
    my ($data) = @_;
    return toy($data);
}

my %hello = (
    implementation => 'toy', version => '1.0', language => 'Perl', window => 16,
    formats => ['pickle:decode:0-3'], identity => 'mutable', lossy => [],
);

# ------------------------------------------------------------------------------------

sub toy {
    my ($data) = @_;
    my ($at, @stack, @marks, %memo) = (0);
    my $take = sub {
        my ($count) = @_;
        die "pickle ends early\n" if length($data) - $at < $count;
        $at += $count;
        return substr($data, $at - $count, $count);
    };
    my $line = sub {
        my $end = index($data, "\n", $at);
        die "pickle ends early\n" if $end < 0;
        my $text = $take->($end + 1 - $at);
        chop $text;
        return ['text', $text];
    };
    my $since_mark = sub { return splice(@stack, pop @marks) };
    my $push = sub { push @stack, [@_] };
    my %opcodes = (
        '('    => sub { push @marks, scalar @stack },
        'N'    => sub { $push->('atom', 'None') },
        "\x88" => sub { $push->('atom', 'True') },
        "\x89" => sub { $push->('atom', 'False') },
        'K'    => sub { $push->('atom', ord $take->(1)) },
        'J'    => sub { $push->('atom', unpack 'l<', $take->(4)) },
        "\x8a" => sub { $push->('atom', integer($take->(ord $take->(1)))) },
        'G'    => sub { $push->('float', unpack 'd>', $take->(8)) },
        'X'    => sub { $push->('text', $take->(unpack 'V', $take->(4))) },
        'C'    => sub { $push->('bytes', $take->(ord $take->(1))) },
        ']'    => sub { $push->('list', []) },
        'e'    => sub { my @items = $since_mark->(); push @{ $stack[-1][1] }, @items },
        ')'    => sub { $push->('tuple', []) },
        't'    => sub { my @items = $since_mark->(); $push->('tuple', \@items) },
        '}'    => sub { $push->('dict', []) },
        'u'    => sub { my @items = $since_mark->(); push @{ $stack[-1][1] }, @items },
        'q'    => sub { $memo{ $take->(1) } = $stack[-1] },
        'h'    => sub { push @stack, $memo{ $take->(1) } // die "no such memo\n" },
        'c'    => sub { my $module = $line->(); $push->('global', $module, $line->()) },
    );
    while (1) {
        my $code = $take->(1);
        return (pop @stack, $at) if $code eq '.';
        my $work = $opcodes{$code} or die sprintf "unsupported: opcode 0x%02x\n", ord $code;
        $work->();
    }
}

sub integer {    # two's complement, the lowest byte first
    my ($bytes) = @_;
    return 0 if $bytes eq '';
    my $value = Math::BigInt->from_hex(unpack 'H*', scalar reverse $bytes);
    $value->bsub(Math::BigInt->new(1)->blsft(8 * length $bytes)) if ord(substr $bytes, -1) >= 0x80;
    return $value->bstr;
}

# ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

my %short = ('\\' => '\\\\', "'" => "\\'", "\n" => '\\n', "\r" => '\\r', "\t" => '\\t');

sub escaped {
    my ($code) = @_;
    my $character = $code < 0x80 ? chr $code : '';
    return $short{$character} if exists $short{$character};
    return $character if $code >= 32 && $code <= 126;
    return sprintf $code < 0x100 ? '\\x%02x' : $code < 0x10000 ? '\\u%04x' : '\\U%08x', $code;
}

# The text is UTF-8 bytes, in which a surrogate may stand by itself, as Python encodes
# it. What is no UTF-8 is printed as Python's surrogateescape would read it.
sub text {
    my ($bytes) = @_;
    my $out = '';
    while ($bytes =~ /\G(?:([ -&(-\[\]-~]+)|([\x00-\x7f])|([\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})|(.))/gs) {
        if (defined $1) { $out .= $1 }
        elsif (defined $2) { $out .= escaped(ord $2) }
        elsif (defined $4) { $out .= escaped(0xdc00 | ord $4) }
        else {
            my ($first, @rest) = unpack 'C*', $3;
            my $code = $first & (0x3f >> @rest);
            $code = $code << 6 | $_ & 0x3f for @rest;
            $out .= escaped($code);
        }
    }
    return "'$out'";
}

sub float {
    my ($value) = @_;
    return 'nan' if $value != $value;
    return $value > 0 ? 'inf' : '-inf' if abs($value) == 9**9**9;
    return unpack('H*', pack 'd>', $value) =~ /^8/ ? '-0.0' : '0.0' if $value == 0;
    my $digits;
    for my $count (15 .. 17) {
        $digits = sprintf "%.${count}g", $value;
        last if $digits == $value;
    }
    return $digits =~ /[.e]/ ? $digits : "$digits.0";
}

# The text of a value without parts; undef for what has some.
sub atom {
    return "global('perl', 'undef')" if !defined $_[0];    # of which Python has nothing
    my ($kind, @content) = @{ $_[0] };
    return $content[0]        if $kind eq 'atom';
    return float($content[0]) if $kind eq 'float';
    return text($content[0])  if $kind eq 'text';
    return "b'" . join('', map { escaped($_) } unpack 'C*', $content[0]) . "'" if $kind eq 'bytes';
    return 'global(' . join(', ', map { text($_->[1]) } @content) . ')' if $kind eq 'global';
    return undef;
}

sub value_text {
    my ($root) = @_;
    my (%labels, @nodes);
    my $part = sub {
        my ($value) = @_;
        my $text = atom($value);
        return $text if defined $text;
        $labels{ refaddr $value } //= push @nodes, $value;
        return '*' . $labels{ refaddr $value };
    };
    my $form = sub {
        my ($kind, $items) = @{ $_[0] };
        my @parts = map { $part->($_) } @$items;
        return '[' . join(', ', @parts) . ']' if $kind eq 'list';
        return '(' . join(', ', @parts) . (@parts == 1 ? ',' : '') . ')' if $kind eq 'tuple';
        my @pairs = map { "$parts[2 * $_]: $parts[2 * $_ + 1]" } 0 .. @parts / 2 - 1;
        return '{' . join(', ', @pairs) . '}';
    };
    my $last = $part->($root);
    my $lines = '';
    for (my $i = 0; $i < @nodes; ++$i) {
        $lines .= '&' . ($i + 1) . ' = ' . $form->($nodes[$i]) . "\n";
    }
    return $lines . $last;
}

# ---- The protocol. ------------------------------------------------------------------

sub answer {
    my ($request) = @_;
    return %hello if $request->{op} eq 'hello';
    return (unsupported => 'this operation or format')
        if $request->{op} ne 'decode' || $request->{format} ne 'pickle';
    return (unsupported => 'options and buffers') if $request->{options} || $request->{buffers};
    die "data: no hex\n" if $request->{data} !~ /\A(?:[0-9a-fA-F]{2})*\z/;
    my $data = pack 'H*', $request->{data};
    my ($value, $consumed) = eval { implementation($data) };
    if (my $error = $@) {
        return (unsupported => $1) if $error =~ /^unsupported: (.*)/;
        return (error => 'Error', message => "$error");
    }
    return (value => value_text($value), consumed => $consumed);
}

$| = 1;
my $json = JSON::PP->new->ascii->canonical;
while (my $line = <STDIN>) {
    my ($request, %fields);
    my $known = eval { $request = $json->decode($line); $request->{op} };
    last if defined $known && $known eq 'bye';
    %fields = eval { die "no request\n" if !defined $known; answer($request) };
    %fields = (error => 'ProtocolError', message => "$@") if $@;    # or a mistake of this adapter
    $fields{id} = $request->{id} if ref $request && exists $request->{id};
    print $json->encode(\%fields), "\n";
}
