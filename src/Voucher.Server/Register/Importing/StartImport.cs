namespace Voucher.Server.Register.Importing;

/// <summary>An upload that was accepted.</summary>
/// <param name="SameAs">An earlier import of the very same file: nothing will change, which is worth saying.</param>
public sealed record StartedImport(long Id, int Rows, long? SameAs);

/// <summary>Takes in an upload: what is wrong with the file as a whole is said at once, the rows are read in the background.</summary>
public sealed class StartImport(ImportStore imports, ImportWorker worker, PersonalData personalData, Operating.Meters meters, TimeProvider clock) : IDisposable
{
    /// <summary>Files are unpacked one after the other, so that many uploads at once do not fill the memory.</summary>
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <param name="list">Name of the list that everyone in the file is put on; empty: none.</param>
    public async Task<Outcome<StartedImport>> RunAsync(IFormFile? file, string? list, Actor actor, CancellationToken cancel)
    {
        List<FieldError> errors = [];
        if (ProblemOfList(list) is { } listProblem) errors.Add(new("list", listProblem));
        if (file is null) errors.Add(new("file", new("请选择文件", "Choose a file")));
        else if (file.Length > UploadLimits.LargestFileBytes) errors.Add(new("file", RegisterFile.TooLarge().Problem));
        if (errors.Count > 0) return errors;
        var content = new byte[file!.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(content, cancel);
        return await StoreAsync(FileNameOf(file), content, list?.Trim() is { Length: > 0 } named ? named : null, actor, cancel);
    }

    private async Task<Outcome<StartedImport>> StoreAsync(string fileName, byte[] content, string? list, Actor actor, CancellationToken cancel)
    {
        (int Rows, Words Notes) checkedFile;
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            checkedFile = Check(fileName, content);
        }
        catch (UnusableFileException unusable)
        {
            return new List<FieldError> { new("file", unusable.Problem) };
        }
        finally
        {
            _oneAtATime.Release();
        }
        var hash = personalData.ContentHash(content);
        var same = await imports.FindSameFileAsync(hash);
        var id = await imports.AddAsync(
            fileName, hash, personalData.SealBytes(content), list, checkedFile.Rows, WithSame(checkedFile.Notes, same), actor.Account, clock.GetUtcNow());
        worker.Wake();
        meters.Uploaded(content.Length);
        return new StartedImport(id, checkedFile.Rows, same?.Id);
    }

    /// <summary>Reads the whole file once without keeping it: counts rows, and finds damage before anything is written.</summary>
    private static (int Rows, Words Notes) Check(string fileName, byte[] content)
    {
        var file = RegisterFile.Open(fileName, content);
        var (rows, hidden) = (0, 0);
        foreach (var row in file.DataRows())
        {
            if (++rows > UploadLimits.MostRows) throw new UnusableFileException(new(
                $"超过 {UploadLimits.MostRows} 行，请分成几个文件", $"More than {UploadLimits.MostRows} rows; split the file"));
            if (row.IsHidden) hidden++;
        }
        if (rows == 0) throw new UnusableFileException(new("表头下面没有数据行", "There are no rows below the header"));
        return (rows, NotesOf(file, hidden));
    }

    private static Words NotesOf(RegisterFile file, int hidden)
    {
        var notes = new Words("", "");
        if (hidden > 0) notes = Add(notes, new($"含 {hidden} 个隐藏行，也已导入。", $"{hidden} hidden rows are imported too."));
        if (file.Header.NotUsed.Count > 0)
            notes = Add(notes, new($"没有用到的列：{Names(file.Header.NotUsed)}。", $"Columns not used: {Names(file.Header.NotUsed)}."));
        if (file.OtherSheets.Count > 0)
            notes = Add(notes, new($"只读取一个工作表，没有读取：{Names(file.OtherSheets)}。", $"One sheet is read; not read: {Names(file.OtherSheets)}."));
        if (file.Header.IsDemo) notes = Add(notes, new("演示数据：新增人员标为演示。", "Demo data: new people are marked as made up."));
        return notes;
    }

    private static Words WithSame(Words notes, (long Id, DateTimeOffset At)? same) => same is not { } earlier ? notes : Add(notes, new(
        $"与 {CountyTime.Show(earlier.At)} 导入的文件（第 {earlier.Id} 号）内容完全相同。",
        $"The very same file was imported at {CountyTime.Show(earlier.At)} (no. {earlier.Id})."));

    private static Words Add(Words to, Words note) => new(to.Zh + note.Zh, (to.En + " " + note.En).Trim());

    /// <summary>A few names, cleaned and cut: the file's author chose them.</summary>
    private static string Names(IReadOnlyList<string> names)
    {
        var shown = names.Take(10).Select(name => new Cell(name).Clean() is { } clean ? string.Concat(clean.EnumerateRunes().Take(20)) : "?");
        return string.Join("、", shown) + (names.Count > 10 ? "…" : "");
    }

    private static Words? ProblemOfList(string? list)
    {
        if (list is null) return null;
        var name = new Cell(list).Clean();
        if (name is null || name != list.Trim()) return new("名称里有多余的空白或不可见字符", "The name has superfluous blanks or invisible characters");
        return name.EnumerateRunes().Count() <= UploadLimits.LongestListName
            ? null
            : new($"名称最多 {UploadLimits.LongestListName} 字", $"At most {UploadLimits.LongestListName} characters");
    }

    /// <summary>Without folders (some browsers send them), invisible characters and excess length; the ending is kept.</summary>
    private static string FileNameOf(IFormFile file)
    {
        var name = new Cell(file.FileName[(file.FileName.LastIndexOfAny(['/', '\\']) + 1)..]).Clean() ?? "?" + Path.GetExtension(file.FileName);
        var ending = Path.GetExtension(name) is { Length: <= 10 } usual ? usual : "";
        var longest = UploadLimits.LongestFileName - ending.Length;
        var stem = Path.GetFileNameWithoutExtension(name);
        if (stem.Length > longest) stem = stem[..(char.IsHighSurrogate(stem[longest - 1]) ? longest - 1 : longest)];
        return stem.Length + ending.Length == 0 ? "?" : stem + ending;
    }

    public void Dispose() => _oneAtATime.Dispose();
}
