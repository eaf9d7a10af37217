# Assay's adapter for Perl's five dbm modules. README.md says which answers for what.
use strict;
use warnings;
no warnings 'once';
use Fcntl;
use File::Basename ();
use File::Copy ();
use File::Temp ();
use JSON::PP ();

# A format on the wire: the module, and how it opens a path for reading.
my %OPENS = (
  'dbm.gnu'     => ['GDBM_File', sub { (GDBM_File::GDBM_READER(), 0) }],
  'dbm.ndbm'    => ['NDBM_File', sub { (O_RDONLY, 0) }],
  'dbm.odbm'    => ['ODBM_File', sub { (O_RDONLY, 0) }],
  'dbm.sdbm'    => ['SDBM_File', sub { (O_RDONLY, 0) }],
  'bsddb.hash'  => ['DB_File', sub { (O_RDONLY, 0, $DB_File::DB_HASH) }],
  'bsddb.btree' => ['DB_File', sub { (O_RDONLY, 0, $DB_File::DB_BTREE) }],
);
my @ENDINGS = ('', '.dir', '.pag', '.db');
my %here = map { $_ => 1 } grep { eval "require $OPENS{$_}[0]; 1" } keys %OPENS;

sub literal {
  my ($bytes) = @_;
  $bytes =~ s/([\\'])/\\$1/g;
  $bytes =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
  return "b'$bytes'";
}

# Keys and values in the order of the module's iteration.
sub pairs_of {
  my ($tied, $module) = @_;
  my @pairs;
  if ($module eq 'DB_File') {
    # A cursor, so that every value of a key is seen.
    my ($key, $value) = ('', '');
    for (my $flag = DB_File::R_FIRST(); $tied->seq($key, $value, $flag) == 0; $flag = DB_File::R_NEXT()) {
      push @pairs, [$key, $value];
    }
    return @pairs;
  }
  for (my $key = $tied->FIRSTKEY; defined $key; $key = $tied->NEXTKEY($key)) {
    my $value = $tied->FETCH($key);
    die "a key that is listed has no value\n" unless defined $value;
    push @pairs, [$key, $value];
  }
  return @pairs;
}

# A dict; a key with several values has a list of them.
sub value_text {
  my (@order, %values);
  for my $pair (@_) {
    my $key = literal($pair->[0]);
    push @order, $key unless $values{$key};
    push @{$values{$key}}, literal($pair->[1]);
  }
  return '{' . join(', ', map {
    my @all = @{$values{$_}};
    "$_: " . (@all == 1 ? $all[0] : '[' . join(', ', @all) . ']')
  } @order) . '}';
}

sub read_path {
  my ($request) = @_;
  my $format = $request->{format};
  return {unsupported => "read $format"} unless $here{$format};
  my ($module, $arguments) = @{$OPENS{$format}};
  # DB_File may write to a damaged file that it opened for reading.
  my $folder = File::Temp->newdir;
  my $path = "$folder/" . File::Basename::basename($request->{path});
  File::Copy::copy($request->{path} . $_, $path . $_) for grep { -f $request->{path} . $_ } @ENDINGS;
  my $tied = eval { tie my %hash, $module, $path, $arguments->() };
  return {error => 'error', message => $@ || "$!"} unless $tied;
  my @pairs = eval { pairs_of($tied, $module) };
  return {error => 'error', message => $@} if $@;
  return {value => value_text(@pairs)};
}

sub hello {
  return {implementation => 'perl-dbm', version => sprintf('%vd', $^V), language => 'Perl',
    window => 8, formats => [map { "$_:read" } sort keys %here], identity => 'none', lossy => []};
}

my $json = JSON::PP->new->ascii->canonical;
$| = 1;
while (my $line = <STDIN>) {
  my $request = $json->decode($line);
  last if $request->{op} eq 'bye';
  my $answer = $request->{op} eq 'hello' ? hello()
    : $request->{op} eq 'read' ? read_path($request)
    : {unsupported => $request->{op}};
  $answer->{id} = $request->{id} if exists $request->{id};
  # ASCII, whatever the locale's messages hold.
  $answer->{message} =~ s/[^ -~]/?/g if exists $answer->{message};
  print $json->encode($answer), "\n";
}
