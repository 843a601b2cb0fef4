using Voucher.Server.Register.Changes;
using Voucher.Server.Register.Duplicates;

namespace Voucher.Server.Register.Importing;

/// <summary>What an import or its dry run needs beside the file.</summary>
public sealed record ImportTools(RowSorting Sorting, PersonWriter Writer, SealedRow Seal, County County);

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
    private readonly ImportTools _tools;
    private readonly Dictionary<(IdNumber, RowDoubt), int> _firstRows = [];

    /// <exception cref="UnusableFileException">The file cannot be read; also from the methods.</exception>
    public ImportRun(UnfinishedImport import, RegisterFile file, RegisterNames names, ImportTools tools, DateOnly today)
    {
        _import = import;
        _tools = tools;
        _isDemo = file.Header.IsDemo;
        _rows = file.DataRows().GetEnumerator();
        _reader = new RowReader(file.Header, names, today);
        DoneRows = import.DoneRows;
        for (var row = 0; row < import.DoneRows && _rows.MoveNext(); row++) Read(_rows.Current);
    }

    public int DoneRows { get; private set; }

    /// <summary>Writes the next chunk; false when there was none left.</summary>
    public async Task<bool> NextChunkAsync(ImportProgressStore progress, DateTimeOffset now, CancellationToken cancel)
    {
        var readings = NextReadings();
        if (readings.Count == 0) return false;
        await progress.WriteChunkAsync(_import.Id, DoneRows, async (connection, transaction) =>
        {
            var rows = await _tools.Sorting.SortAsync(connection, transaction, readings);
            var people = await WriteAsync(connection, transaction, rows, now);
            await DoubtStore.OpenAsync(connection, transaction, _tools.County.Region, _import.Id, rows.Cases, _tools.Seal, now);
            return new ChunkResult(readings.Count, people, rows.BadRows, rows.Cases.Count, rows.Problems);
        }, cancel);
        DoneRows += readings.Count;
        return true;
    }

    /// <summary>Says what the next chunk would come to, and changes nothing; false when there was none left, or nobody wants to know any more.</summary>
    public async Task<bool> CheckNextChunkAsync(ImportProgressStore progress, ImportPreview preview, CancellationToken cancel)
    {
        var readings = NextReadings();
        if (readings.Count == 0) return false;
        var goesOn = await progress.CheckChunkAsync(_import.Id, DoneRows, async (connection, transaction) =>
        {
            var rows = await _tools.Sorting.SortAsync(connection, transaction, readings);
            return new ChunkResult(readings.Count, preview.Add(rows, _tools.Writer), rows.BadRows, rows.Cases.Count, rows.Problems);
        }, cancel);
        DoneRows += readings.Count;
        return goesOn;
    }

    /// <summary>People who had left count as added again.</summary>
    private async Task<WrittenPeople> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SortedRows rows, DateTimeOffset now)
    {
        var cause = new ChangeCause(_import.CreatedBy, _import.Id);
        Task<WrittenPeople> Write(IReadOnlyCollection<PersonStatement> statements) =>
            _tools.Writer.WriteAsync(connection, transaction, statements, _isDemo, _import.ListId, cause, now);
        var people = await Write([.. rows.Statements.Select(row => row.Statement)]);
        if (rows.Returning.Count == 0) return people;
        await DepartureStore.ReturnAsync(connection, transaction, _tools.County.Region, rows.Returning.Select(row => row.Id), cause, now);
        await Write([.. rows.Returning.Select(row => row.Statement)]);
        return people with { Added = people.Added + rows.Returning.Count };
    }

    private List<RowReading> NextReadings()
    {
        var readings = new List<RowReading>();
        while (readings.Count < UploadLimits.ChunkRows && _rows.MoveNext()) readings.Add(Read(_rows.Current));
        return readings;
    }

    private RowReading Read(SheetRow row)
    {
        var reading = _reader.Read(row);
        if (reading.Statement is not { } statement) return reading;
        // Nobody knows yet whether a doubtful row means this number: a good row after it is the first.
        if (_firstRows.TryGetValue((statement.Number, RowDoubt.None), out var first)) return Repeated(reading, first);
        return _firstRows.TryAdd((statement.Number, reading.Doubt), row.Number) ? reading : Repeated(reading, _firstRows[(statement.Number, reading.Doubt)]);
    }

    private static RowReading Repeated(RowReading reading, int first)
    {
        var problem = reading.NumberProblem ?? new($"与第 {first} 行重复", $"The same as in row {first}");
        return new(reading.Row, null, RowDoubt.None, null, [new(RegisterColumn.IdNumber.Title(), problem)]);
    }

    public void Dispose() => _rows.Dispose();
}
