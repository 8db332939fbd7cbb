echo "where the gate of FDB is, and by which key it is known, has not been learned yet: databridge learn lumi" >&2
exit 1
