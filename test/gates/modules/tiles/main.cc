#include <cstdio>

const char* tiles();

int main() { std::printf("tiles %s\n", tiles()); }
