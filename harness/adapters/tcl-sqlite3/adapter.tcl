# Assay's adapter for SQLite's Tcl package; README.md beside it says what it decides.
package require sqlite3
sqlite3 json :memory:  ;# reads requests: SQLite knows JSON, and Tcl does not

# Text as a literal: one escape for each character beyond printable ASCII. Tcl 8
# keeps what is beyond the Basic Multilingual Plane as two surrogates.
proc text_literal {text} {
    set out ""
    set high -1
    foreach character [split $text ""] {
        scan $character %c code
        if {$high >= 0} {
            if {$code >= 0xdc00 && $code < 0xe000} {
                append out [format {\U%08x} [expr {0x10000 + (($high - 0xd800) << 10) + $code - 0xdc00}]]
                set high -1
                continue
            }
            append out [format {\u%04x} $high]
            set high -1
        }
        if {$code >= 0xd800 && $code < 0xdc00} {
            set high $code
        } elseif {$character in {\\ '}} {
            append out \\ $character
        } elseif {$code >= 32 && $code < 127} {
            append out $character
        } elseif {$code < 256} {
            append out [format {\x%02x} $code]
        } elseif {$code < 65536} {
            append out [format {\u%04x} $code]
        } else {
            append out [format {\U%08x} $code]
        }
    }
    if {$high >= 0} {append out [format {\u%04x} $high]}
    return '$out'
}

proc float_literal {number} {
    if {$number == Inf} {return inf}
    if {$number == -Inf} {return -inf}
    set text [format %.17g $number]
    if {![regexp {[.e]} $text]} {append text .0}
    return $text
}

# A value, and its storage class, which the package does not tell.
proc value_text {value class} {
    switch $class {
        null {return None}
        integer {return $value}
        real {return [float_literal $value]}
        blob {return b[text_literal $value]}
        default {return [text_literal $value]}
    }
}

proc quoted {name} {
    return "\"[string map {\" \"\"} $name]\""
}

proc rows_of {source names} {
    set what {}
    foreach name $names {
        set column [quoted $name]
        lappend what $column typeof($column)
    }
    set rows {}
    set row {}
    foreach {value class} [db eval "SELECT [join $what {, }] FROM $source"] {
        lappend row [value_text $value $class]
        if {[llength $row] == [llength $names]} {
            lappend rows "([join $row {, }][expr {[llength $row] == 1 ? "," : ""}])"
            set row {}
        }
    }
    return "\[[join $rows {, }]\]"
}

proc read_database {} {
    set schema [rows_of sqlite_master {type name tbl_name rootpage sql}]
    set tables {}
    foreach name [db eval {SELECT name FROM sqlite_master WHERE type = 'table' AND
                           coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL TABLE%'}] {
        set names [db eval {SELECT name FROM pragma_table_xinfo($name) WHERE hidden <> 1}]
        lappend tables "[text_literal $name]: [rows_of "[quoted $name] NOT INDEXED" $names]"
    }
    return "{'schema': $schema, 'rows': {[join $tables {, }]}}"
}

proc on_a_copy {path} {
    close [file tempfile folder assay_sqlite]
    file delete $folder
    file mkdir $folder
    foreach ending {"" -wal -journal} {
        if {[file isfile $path$ending]} {file copy $path$ending $folder/copy.db$ending}
    }
    try {
        sqlite3 db $folder/copy.db
        return [read_database]
    } finally {
        catch {db close}
        file delete -force $folder
    }
}

proc json_text {text} {
    json eval {SELECT json_quote($text)}
}

proc answer {op format path} {
    if {$op eq "hello"} {
        return "\"implementation\": \"tcl-sqlite3\", \"version\": \"[package present sqlite3]\", \"language\": \"Tcl\",\
            \"window\": 4, \"formats\": \[\"sqlite:read\"\], \"identity\": \"none\", \"lossy\": \[\]"
    }
    if {$op ne "read" || $format ne "sqlite"} {return "\"unsupported\": \"$op $format\""}
    if {[catch {on_a_copy $path} value]} {
        set value [regsub -all {[^ -~]} $value ?]
        return "\"error\": \"error\", \"message\": [lindex [json_text [string range $value 0 299]] 0]"
    }
    return "\"value\": [lindex [json_text $value] 0]"
}

fconfigure stdin -encoding utf-8
fconfigure stdout -encoding ascii -buffering line
while {[gets stdin line] >= 0} {
    foreach key {op id format path} {
        set $key [json onecolumn {SELECT json_extract($line, '$.' || $key)}]
    }
    if {$op eq "bye"} break
    set named [expr {$id eq "" ? "" : "\"id\": [lindex [json_text $id] 0], "}]
    puts "{$named[answer $op $format $path]}"
}
