// A test is a claim: a sentence and the code that shows it. A program runs all of its claims, prints each and returns
// the number that failed.
#ifndef MICROTOME_TESTS_CLAIM_H
#define MICROTOME_TESTS_CLAIM_H

#include <string>

namespace claim {

struct Registration {
    Registration(const char* sentence, void (*body)());
};

// Runs the claims whose sentence holds this part; the number that failed.
int run(const char* part);

// Notes a failure of the running claim and goes on.
void failed(const char* file, int line, const std::string& what);

#define CLAIM_JOIN_(a, b) a##b
#define CLAIM_JOIN(a, b) CLAIM_JOIN_(a, b)
#define CLAIM(sentence)                                                                                           \
    static void CLAIM_JOIN(claim_, __LINE__)();                                                                   \
    static const claim::Registration CLAIM_JOIN(registration_, __LINE__)(sentence, CLAIM_JOIN(claim_, __LINE__)); \
    static void CLAIM_JOIN(claim_, __LINE__)()

#define EXPECT(condition) \
    if (!(condition)) claim::failed(__FILE__, __LINE__, #condition)
#define EXPECT_WITH(condition, text) \
    if (!(condition)) claim::failed(__FILE__, __LINE__, std::string(#condition) + ": " + (text))

}  // namespace claim

#endif
