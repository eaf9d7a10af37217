# A script of contents.py, carried out by a *_File module of Perl.
#
#     perl write_perl.pl MODULE PATH < SCRIPT
#
# MODULE is GDBM_File, NDBM_File, ODBM_File, SDBM_File, DB_File.hash, DB_File.btree or
# DB_File.recno.
use strict;
use warnings;
no warnings "once";
use Fcntl;
use POSIX ();

my ($name, $path) = @ARGV;
my ($module, $kind) = split /\./, $name;
eval "require $module; $module->import; 1" or die $@;
my (%hash, @array, $tied);
if ($module eq 'GDBM_File') {
  $tied = tie %hash, $module, $path, GDBM_File::GDBM_NEWDB(), 0644;
} elsif ($module ne 'DB_File') {
  $tied = tie %hash, $module, $path, O_RDWR | O_CREAT, 0644;
} elsif ($kind eq 'recno') {
  # A text file of lines is not what is wanted: DB_File's recno is kept in a btree's pages.
  $tied = tie @array, $module, $path, O_RDWR | O_CREAT, 0644, $DB_File::DB_RECNO;
} else {
  $tied = tie %hash, $module, $path, O_RDWR | O_CREAT, 0644,
    $kind eq 'hash' ? $DB_File::DB_HASH : $DB_File::DB_BTREE;
}
$tied or die "$path: $!";
while (my $line = <STDIN>) {
  my ($sign, @words) = split ' ', $line;
  my ($key, $value) = map { $_ eq '.' ? '' : pack 'H*', $_ } @words;
  if ($sign eq '+' || $sign eq '*') {
    if (defined $kind && $kind eq 'recno') { push @array, $value } else { $hash{$key} = $value }
  } elsif ($sign eq '-') {
    delete $hash{$key};
  } elsif ($sign eq 's') {
    $tied->sync if $tied->can('sync');
  } elsif ($sign eq '!') {
    POSIX::_exit(0);
  }
}
undef $tied;
untie %hash;
untie @array;
