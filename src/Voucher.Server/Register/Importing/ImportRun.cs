namespace Voucher.Server.Register.Importing;

/// <summary>
/// One import under way, chunk by chunk. Rows that an earlier run has written are read again but only remembered, so that a
/// second row of the same person is still told from the first.
/// </summary>
public sealed class ImportRun : IDisposable
{
    private readonly UnfinishedImport _import;
    private readonly bool _isDemo;
    private readonly IEnumerator<SheetRow> _rows;
    private readonly RowReader _reader;
    private readonly Dictionary<IdNumber, int> _firstRows = [];

    /// <exception cref="UnusableFileException">The file cannot be read; also from the methods.</exception>
    public ImportRun(UnfinishedImport import, RegisterFile file, TownshipNames townships, DateOnly today)
    {
        _import = import;
        _isDemo = file.Header.IsDemo;
        _rows = file.DataRows().GetEnumerator();
        _reader = new RowReader(file.Header, townships, today);
        DoneRows = import.DoneRows;
        for (var row = 0; row < import.DoneRows && _rows.MoveNext(); row++) Read(_rows.Current, []);
    }

    public int DoneRows { get; private set; }

    /// <summary>Writes the next chunk; false when there was none left.</summary>
    public async Task<bool> NextChunkAsync(ImportProgressStore progress, PersonWriter writer, DateTimeOffset now, CancellationToken cancel)
    {
        var people = new List<PersonStatement>();
        var errors = new List<(int Row, RowProblem Problem)>();
        var rows = 0;
        while (rows < UploadLimits.ChunkRows && _rows.MoveNext())
        {
            rows++;
            if (Read(_rows.Current, errors) is { } statement) people.Add(statement);
        }
        if (rows == 0) return false;
        await progress.WriteChunkAsync(_import.Id, DoneRows, async (connection, transaction) => new ChunkResult(
            rows, await writer.WriteAsync(connection, transaction, people, _isDemo, _import.ListId, new ChangeCause(_import.CreatedBy, _import.Id), now), rows - people.Count, errors), cancel);
        DoneRows += rows;
        return true;
    }

    private PersonStatement? Read(SheetRow row, List<(int Row, RowProblem Problem)> errors)
    {
        var (statement, problems) = _reader.Read(row);
        errors.AddRange(problems.Select(problem => (row.Number, problem)));
        if (statement is null || _firstRows.TryAdd(statement.Number, row.Number)) return statement;
        var first = _firstRows[statement.Number];
        errors.Add((row.Number, new(RegisterColumn.IdNumber.Title(), new($"与第 {first} 行重复", $"The same as in row {first}"))));
        return null;
    }

    public void Dispose() => _rows.Dispose();
}
