const char* tiles() { return "@version@"; }
