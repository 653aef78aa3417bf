/// What members say to each other, and of themselves: values, without a rule of when.
package dev.rumor.core.message;
