# Assay's adapter for DBD::SQLite; README.md beside it says what it decides.
use strict;
use warnings;
use DBI;
use DBD::SQLite;
use Encode ();
use File::Copy qw(copy);
use File::Temp ();
use JSON::PP ();

$| = 1;
my $json = JSON::PP->new->ascii->canonical;

sub text_literal {
    my ($text) = @_;
    $text =~ s/([\\'])/\\$1/g;
    $text =~ s/([^ -~])/my $c = ord $1; sprintf($c < 0x100 ? '\\x%02x' : $c < 0x10000 ? '\\u%04x' : '\\U%08x', $c)/ge;
    return "'$text'";
}

# Text comes as bytes (sqlite_string_mode), so that nothing of it is lost.
sub text_value {
    my ($bytes) = @_;
    my $copy = $bytes;
    my $text = eval { Encode::decode('UTF-8', $copy, Encode::FB_CROAK) };
    return defined $text ? text_literal($text) : "call(global('sqlite3', 'text'), b" . text_literal($bytes) . ')';
}

sub float_value {
    my ($number) = @_;
    return $number > 0 ? 'inf' : '-inf' if $number == 9**9**9 || $number == -9**9**9;
    my $text = sprintf '%.17g', $number;
    return $text =~ /[.e]/ ? $text : "$text.0";
}

# A value, and its storage class, which the driver does not tell.
sub value_text {
    my ($value, $class) = @_;
    return 'None' if $class eq 'null';
    return "$value" if $class eq 'integer';
    return float_value($value) if $class eq 'real';
    return 'b' . text_literal($value) if $class eq 'blob';
    return text_value($value);
}

sub quoted {
    my ($name) = @_;
    $name =~ s/"/""/g;
    return "\"$name\"";
}

sub rows_of {
    my ($db, $source, $names) = @_;
    my $what = join ', ', map { my $name = quoted($_); "$name, typeof($name)" } @$names;
    my $query = $db->prepare("SELECT $what FROM $source");
    $query->execute;
    my @rows;
    while (my $row = $query->fetchrow_arrayref) {
        my $values = join ', ', map { value_text($$row[2 * $_], $$row[2 * $_ + 1]) } 0 .. $#$names;
        push @rows, '(' . $values . (@$names == 1 ? ',)' : ')');
    }
    return '[' . join(', ', @rows) . ']';
}

sub read_database {
    my ($path) = @_;
    my $db = DBI->connect("dbi:SQLite:dbname=$path", '', '', { RaiseError => 1, PrintError => 0 });
    $db->{sqlite_string_mode} = DBD::SQLite::Constants::DBD_SQLITE_STRING_MODE_BYTES();
    my $schema = rows_of($db, 'sqlite_master', [qw(type name tbl_name rootpage sql)]);
    my $names = $db->selectcol_arrayref("SELECT name FROM sqlite_master WHERE type = 'table' AND "
        . "coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'");
    my @tables;
    for my $name (@$names) {
        my $source = quoted($name) . ' NOT INDEXED';
        my $query = $db->prepare("SELECT * FROM $source LIMIT 0");
        $query->execute;
        push @tables, text_value($name) . ': ' . rows_of($db, $source, [@{ $query->{NAME} }]);
    }
    return "{'schema': $schema, 'rows': {" . join(', ', @tables) . '}}';
}

sub on_a_copy {
    my ($path) = @_;
    my $folder = File::Temp->newdir;
    for my $ending ('', '-wal', '-journal') {
        copy("$path$ending", "$folder/copy.db$ending") if -f "$path$ending";
    }
    return read_database("$folder/copy.db");
}

sub answer {
    my ($request) = @_;
    return { implementation => 'DBD::SQLite', version => $DBD::SQLite::VERSION, language => 'Perl', window => 4,
             formats => ['sqlite:read'], identity => 'none', lossy => [] }
        if $request->{op} eq 'hello';
    return { unsupported => "$request->{op} " . ($request->{format} // '') }
        if $request->{op} ne 'read' || $request->{format} ne 'sqlite' || %{ $request->{options} // {} };
    my $value = eval { on_a_copy($request->{path}) };
    return { value => $value } if defined $value;
    return { error => 'DBI::db::err', message => substr("$@", 0, 300) };
}

while (my $line = <STDIN>) {
    my $request = $json->decode($line);
    last if $request->{op} eq 'bye';
    my $answer = answer($request);
    $answer->{id} = $request->{id} if exists $request->{id};
    print $json->encode($answer), "\n";
}
