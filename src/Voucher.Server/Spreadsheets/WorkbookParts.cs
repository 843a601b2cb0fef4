using System.Globalization;
using System.Text;

namespace Voucher.Server.Spreadsheets;

/// <summary>The parts of a workbook beside its sheets: the few that Excel, WPS and LibreOffice need.</summary>
public static class WorkbookParts
{
    public const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>Position of the header's style; the others are those of <see cref="CellKind"/>.</summary>
    public const int HeaderStyle = 1;

    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string SheetMl = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    /// <summary>Every part is a sheet unless it is named, so that it can be written before the number of sheets is known.</summary>
    public const string ContentTypes = $"""
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="{SheetMl}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="{SheetMl}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{SheetMl}.styles+xml"/></Types>
        """;

    public const string PackageRelations = $"""
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """;

    /// <summary>In the order of <see cref="CellKind"/>: general, header, text (49 is “@”), number, count, money, per cent, day, moment.</summary>
    public const string Styles = $"""
        <styleSheet xmlns="{Main}"><numFmts count="3"><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="166" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>
        """;

    public static string Book(IReadOnlyList<string> sheets)
    {
        var xml = new StringBuilder($"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><bookViews><workbookView/></bookViews><sheets>""");
        foreach (var (index, name) in sheets.Index())
            xml.Append(CultureInfo.InvariantCulture, $"""<sheet name="{SheetText.Of(name)}" sheetId="{index + 1}" r:id="rId{index + 1}"/>""");
        return xml.Append("</sheets></workbook>").ToString();
    }

    public static string BookRelations(int sheets)
    {
        var xml = new StringBuilder("""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">""");
        for (var i = 1; i <= sheets; i++)
            xml.Append(CultureInfo.InvariantCulture, $"""<Relationship Id="rId{i}" Type="{Relations}/worksheet" Target="worksheets/sheet{i}.xml"/>""");
        xml.Append(CultureInfo.InvariantCulture, $"""<Relationship Id="rId{sheets + 1}" Type="{Relations}/styles" Target="styles.xml"/>""");
        return xml.Append("</Relationships>").ToString();
    }
}
