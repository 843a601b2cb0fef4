namespace Voucher.Server.Register.Importing;

/// <summary>What the clerk should know of a file that can be read: what is hidden, and what of it is not used.</summary>
public static class FileNotes
{
    private const int MostNames = 10;
    private const int LongestName = 20;

    /// <summary>Reads the whole file once without keeping it: counts rows, and finds damage before anything is written.</summary>
    /// <exception cref="UnusableFileException">Damaged, without rows, or with more than allowed.</exception>
    public static (int Rows, int Hidden) Count(RegisterFile file, int mostRows)
    {
        var (rows, hidden) = (0, 0);
        foreach (var row in file.FilledRows())
        {
            if (++rows > mostRows) throw new UnusableFileException(new(
                $"超过 {mostRows} 行，请分成几个文件", $"More than {mostRows} rows; split the file"));
            if (row.IsHidden) hidden++;
        }
        if (rows == 0) throw new UnusableFileException(new("表头下面没有数据行", "There are no rows below the header"));
        return (rows, hidden);
    }

    /// <param name="notUsed">Titles that no column of the register has; of a foreign list they are of no interest.</param>
    public static Words Of(int hidden, IReadOnlyList<string> notUsed, IReadOnlyList<string> otherSheets, bool isDemo)
    {
        var notes = new Words("", "");
        if (hidden > 0) notes = Add(notes, new($"含 {hidden} 个隐藏行，也已读取。", $"{hidden} hidden rows are read too."));
        if (notUsed.Count > 0) notes = Add(notes, new($"没有用到的列：{Names(notUsed)}。", $"Columns not used: {Names(notUsed)}."));
        if (otherSheets.Count > 0)
            notes = Add(notes, new($"只读取一个工作表，没有读取：{Names(otherSheets)}。", $"One sheet is read; not read: {Names(otherSheets)}."));
        return isDemo ? Add(notes, new("演示数据：新增人员标为演示。", "Demo data: new people are marked as made up.")) : notes;
    }

    public static Words Add(Words to, Words note) => new(to.Zh + note.Zh, (to.En + " " + note.En).Trim());

    /// <summary>A few names, cleaned and cut: the file's author chose them.</summary>
    private static string Names(IReadOnlyList<string> names)
    {
        var shown = names.Take(MostNames).Select(name => new Cell(name).Clean() is { } clean ? string.Concat(clean.EnumerateRunes().Take(LongestName)) : "?");
        return string.Join("、", shown) + (names.Count > MostNames ? "…" : "");
    }
}
