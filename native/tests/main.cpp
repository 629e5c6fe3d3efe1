#include "claim.h"

// Takes a part of a sentence, to run only the claims that hold it.
int main(int count, char** arguments) { return claim::run(count > 1 ? arguments[1] : ""); }
