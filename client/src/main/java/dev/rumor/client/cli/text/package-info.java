/// What is printed, as text: JSON, amounts and times, and what comes from elsewhere made fit for a terminal.
package dev.rumor.client.cli.text;
