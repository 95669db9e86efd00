print("no revision at all")
