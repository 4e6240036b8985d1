"""Documents of carrying out a penalty: paying, paying late, the court."""
