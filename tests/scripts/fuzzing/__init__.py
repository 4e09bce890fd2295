"""What is fuzzed, without a fuzzer."""
