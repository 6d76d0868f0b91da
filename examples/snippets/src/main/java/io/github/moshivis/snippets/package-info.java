/**
 * Six small examples, and the samples of the documentation. A sample begins with the comment {@code // sample: NAME} and ends with
 * {@code // end}; a document shows it under {@code <!-- sample: NAME -->}. Imports the library's API.
 */
package io.github.moshivis.snippets;
